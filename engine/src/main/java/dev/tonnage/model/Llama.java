package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * Llama 1 to 3.3 (Touvron et al. 2023), Mistral, and Mixtral (Jiang et al. 2024), whose
 * feed-forwards are experts. Converted files have their rows in another order than the published
 * weights, so that neighbours turn together.
 */
final class Llama {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "llama",
          Pairing.ADJACENT,
          new AttentionKind.Grouped(HeadNorms.NONE),
          FeedForwards.DENSE_OR_MIXTURES);

  private Llama() {}
}
