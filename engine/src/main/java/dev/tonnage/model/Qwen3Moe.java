package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * The mixtures among Qwen3 (Yang et al. 2025), such as Qwen3-235B-A22B and Qwen3-Coder: every
 * feed-forward is experts, whose shares sum to 1.
 */
final class Qwen3Moe {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "qwen3moe",
          Pairing.HALVES,
          new AttentionKind.Grouped(HeadNorms.QUERIES_AND_KEYS),
          FeedForwards.MIXTURES);

  private Qwen3Moe() {}
}
