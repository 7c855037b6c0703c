package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * Qwen2 and Qwen2.5 (Yang et al. 2024) and what was trained from them, such as DeepSeek-R1-Distill:
 * queries, keys and values have biases, and a number turns with the one half a head further.
 */
final class Qwen2 {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "qwen2", Pairing.HALVES, new AttentionKind.Grouped(HeadNorms.NONE), FeedForwards.DENSE);

  private Qwen2() {}
}
