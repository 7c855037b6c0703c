package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.model.DecoderArchitecture.LayerKinds;
import dev.tonnage.nn.GroupedAttention.HeadNorms;

/**
 * Llama 4 Scout and Maverick (Meta 2025), without their eyes: three layers whose tokens see their
 * chunk, then one that sees everything and knows no positions; experts in every layer or every
 * second one.
 */
final class Llama4 {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "llama4",
          Pairing.ADJACENT,
          new AttentionKind.Grouped(HeadNorms.TURNED, LayerKinds.CHUNKS_THEN_EVERYTHING),
          FeedForwards.INTERLEAVED_MIXTURES);

  private Llama4() {}
}
