package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * Qwen3 (Yang et al. 2025): as Qwen2, but queries and keys are normed head by head and nothing has
 * a bias.
 */
final class Qwen3 {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "qwen3",
          Pairing.HALVES,
          new AttentionKind.Grouped(HeadNorms.QUERIES_AND_KEYS),
          FeedForwards.DENSE);

  private Qwen3() {}
}
