package dev.tonnage.plan;

import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.FeedForwardShape.ExpertUnit;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Routing.Selection;
import dev.tonnage.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a model as converted files have them, from its dimensions alone. Left out are
 * numbers that are few beside a layer's matrices: biases of queries and of experts.
 */
final class TensorList {

  private final Dimensions dimensions;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  private TensorList(Dimensions dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * Names and shapes.
   *
   * @param isTied whether the embedding is the output, too
   * @param predictionLayers layers behind the others that predict tokens further on
   */
  static Map<String, Shape> of(Dimensions dimensions, boolean isTied, int predictionLayers) {
    var list = new TensorList(dimensions);
    list.put("token_embd", dimensions.vocabulary(), dimensions.hidden());
    for (int layer = 0; layer < dimensions.layers(); layer++) {
      list.layer(layer, dimensions.feedForwards().get(layer));
    }
    for (int i = 0; i < predictionLayers; i++) {
      list.predictionLayer(dimensions.layers() + i);
    }
    list.put("output_norm", dimensions.hidden());
    if (!isTied) {
      list.put("output", dimensions.vocabulary(), dimensions.hidden());
    }
    return list.shapes;
  }

  private void put(String name, long... extents) {
    shapes.put(name + ".weight", Shape.of(extents));
  }

  private void layer(int layer, FeedForwardShape feedForward) {
    String prefix = "blk." + layer + ".";
    int hidden = dimensions.hidden();
    put(prefix + "attn_norm", hidden);
    switch (dimensions.attention()) {
      case AttentionShape.Grouped grouped -> grouped(prefix, hidden, grouped);
      case AttentionShape.Latent latent -> latent(prefix, hidden, latent);
    }
    put(prefix + "ffn_norm", hidden);
    switch (feedForward) {
      case FeedForwardShape.Dense(int width) -> feedForward(prefix, "", hidden, width);
      case FeedForwardShape.Mixture mixture -> mixture(prefix, hidden, mixture);
    }
  }

  private void grouped(String prefix, int hidden, AttentionShape.Grouped shape) {
    long queries = (long) shape.heads() * shape.keyWidth();
    long keys = (long) shape.keyValueHeads() * shape.keyWidth();
    put(prefix + "attn_q", queries, hidden);
    put(prefix + "attn_k", keys, hidden);
    put(prefix + "attn_v", (long) shape.keyValueHeads() * shape.valueWidth(), hidden);
    put(prefix + "attn_output", hidden, (long) shape.heads() * shape.valueWidth());
    if (shape.norms() == HeadNorms.ALL_TOGETHER) {
      put(prefix + "attn_q_norm", queries);
      put(prefix + "attn_k_norm", keys);
    } else if (shape.norms() == HeadNorms.QUERIES_AND_KEYS) {
      put(prefix + "attn_q_norm", shape.keyWidth());
      put(prefix + "attn_k_norm", shape.keyWidth());
    }
    if (shape.hasSinks()) {
      put(prefix + "attn_sinks", shape.heads());
    }
  }

  private void latent(String prefix, int hidden, AttentionShape.Latent shape) {
    long queries = (long) shape.heads() * (shape.plainWidth() + shape.rotaryWidth());
    if (shape.queryRank() > 0) {
      put(prefix + "attn_q_a", shape.queryRank(), hidden);
      put(prefix + "attn_q_a_norm", shape.queryRank());
      put(prefix + "attn_q_b", queries, shape.queryRank());
    } else {
      put(prefix + "attn_q", queries, hidden);
    }
    put(prefix + "attn_kv_a_mqa", shape.keyWidth(), hidden);
    put(prefix + "attn_kv_a_norm", shape.latentWidth());
    put(prefix + "attn_k_b", shape.heads(), shape.latentWidth(), shape.plainWidth());
    put(prefix + "attn_v_b", shape.heads(), shape.headValueWidth(), shape.latentWidth());
    put(prefix + "attn_output", hidden, (long) shape.heads() * shape.headValueWidth());
  }

  private void feedForward(String prefix, String suffix, int hidden, long width) {
    put(prefix + "ffn_gate" + suffix, width, hidden);
    put(prefix + "ffn_up" + suffix, width, hidden);
    put(prefix + "ffn_down" + suffix, hidden, width);
  }

  private void mixture(String prefix, int hidden, FeedForwardShape.Mixture shape) {
    put(prefix + "ffn_gate_inp", shape.experts(), hidden);
    put(prefix + "ffn_gate_exps", shape.experts(), shape.width(), hidden);
    put(prefix + "ffn_up_exps", shape.experts(), shape.width(), hidden);
    put(prefix + "ffn_down_exps", shape.experts(), hidden, shape.width());
    if (shape.sharedWidth() > 0) {
      feedForward(prefix, "_shexp", hidden, shape.sharedWidth());
    }
    if (shape.routing().selection() == Selection.BIASED_PROBABILITIES
        && shape.unit() != ExpertUnit.CLAMPED_WITH_BIASES) {
      shapes.put(prefix + "exp_probs_b.bias", Shape.of(shape.experts()));
    }
  }

  private void predictionLayer(int layer) {
    layer(layer, dimensions.feedForwards().getLast());
    String prefix = "blk." + layer + ".nextn.";
    int hidden = dimensions.hidden();
    put(prefix + "eh_proj", hidden, 2L * hidden);
    put(prefix + "embed_tokens", dimensions.vocabulary(), hidden);
    put(prefix + "shared_head_head", dimensions.vocabulary(), hidden);
    for (String norm : new String[] {"enorm", "hnorm", "shared_head_norm"}) {
      put(prefix + norm, hidden);
    }
  }
}
