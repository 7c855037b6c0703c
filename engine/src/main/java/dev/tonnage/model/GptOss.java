package dev.tonnage.model;

import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.Arrangement;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.model.DecoderArchitecture.LastLayers;
import dev.tonnage.model.DecoderArchitecture.LayerKinds;
import dev.tonnage.model.DecoderArchitecture.Style;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Norm;

/**
 * gpt-oss (OpenAI 2025): windows in every second layer, sinks, biases, and experts of a gate of
 * their own, chosen by softmax.
 */
final class GptOss {

  static final Architecture ARCHITECTURE =
      new DecoderArchitecture(
          "gpt-oss",
          Pairing.HALVES,
          new AttentionKind.Grouped(HeadNorms.NONE, LayerKinds.ALTERNATING_WITH_SINKS),
          FeedForwards.CLAMPED_MIXTURES,
          new Style(
              Norm.Kind.ROOT_MEAN_SQUARE,
              new Arrangement.InTurn("post_attention_norm"),
              LastLayers.LIKE_OTHERS));

  private GptOss() {}
}
