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
 * GLM-4.5 and 4.6 (GLM-4.5 Team 2025): heads of which half turns, normed in the large models and
 * not in Air, and after some dense layers experts beside one that all tokens share. Files have a
 * last layer that predicts tokens further on; it is not used here.
 */
final class Glm4Moe {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "glm4moe",
          Pairing.HALVES,
          new AttentionKind.Grouped(HeadNorms.WHERE_THERE),
          FeedForwards.DENSE_THEN_SIGMOID_MIXTURES,
          new Style(
              Norm.Kind.ROOT_MEAN_SQUARE,
              new Arrangement.InTurn("post_attention_norm"),
              LastLayers.PREDICTION));

  private Glm4Moe() {}
}
