package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * MiniMax-M2 (MiniMax 2025): all queries of a token are normed together, as are all keys, half of
 * each head turns, and every feed-forward is experts, chosen with biases.
 */
final class MiniMaxM2 {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "minimax-m2",
          Pairing.HALVES,
          new AttentionKind.Grouped(HeadNorms.ALL_TOGETHER),
          FeedForwards.BIASED_MIXTURES);

  private MiniMaxM2() {}
}
