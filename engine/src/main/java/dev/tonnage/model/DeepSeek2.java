package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;

/**
 * DeepSeek-V2 and V3 (DeepSeek-AI 2024), R1, and Kimi-K2: latent attention, and after some dense
 * layers experts, chosen by softmax or sigmoid, in groups or not, beside one that all tokens share.
 */
final class DeepSeek2 {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "deepseek2",
          Pairing.ADJACENT,
          new AttentionKind.Latent(),
          FeedForwards.DENSE_THEN_SOFTMAX_MIXTURES);

  private DeepSeek2() {}
}
