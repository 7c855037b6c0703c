package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.Arrangement;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.model.DecoderArchitecture.LastLayers;
import dev.tonnage.model.DecoderArchitecture.Style;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Norm;

/**
 * Command-R and R+ (Cohere 2024): layer norms, halves of a layer that read the same, logits times a
 * scale; in R+ heads are normed, too.
 */
final class CommandR {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "command-r",
          Pairing.ADJACENT,
          new AttentionKind.Grouped(HeadNorms.LAYER_NORMS_WHERE_THERE),
          FeedForwards.DENSE,
          new Style(Norm.Kind.LAYER, new Arrangement.Parallel(), LastLayers.LIKE_OTHERS));

  private CommandR() {}
}
