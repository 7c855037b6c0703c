package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Latent;
import dev.tonnage.model.TinyLlama.Output;
import dev.tonnage.model.TinyLlama.Sizes;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a {@link TinyLlama}. Their scale is such that logits spread by about three, every
 * block changes the stream about as much as the embedding does, and attention clearly prefers some
 * tokens: a mistake in any part shows in the logits, and rounding does not.
 */
final class TinyWeights {

  private static final double QUERY_KEY_GAIN = 1.4;
  private static final double RESIDUAL_GAIN = 1.5;
  private static final double OUTPUT_GAIN = 3;
  private static final double ROUTER_GAIN = 2;
  private static final double NORM_DEVIATION = 0.2;
  private static final double BIAS_DEVIATION = 0.3;

  private final TinyLlama model;
  private final int hidden;
  private final double embedding;
  private final DType matrices;
  private final List<TinyWeight> weights = new ArrayList<>();

  TinyWeights(TinyLlama model) {
    this.model = model;
    hidden = model.sizes().hidden();
    embedding = model.stream().embeddingDeviation();
    matrices = model.storage().matrices();
  }

  /** In the file's order. */
  List<TinyWeight> all() {
    Sizes sizes = model.sizes();
    DType delicate = model.storage().delicate();
    boolean tied = model.output() == Output.TIED;
    matrix("token_embd", tied ? delicate : matrices, sizes.vocabulary(), hidden, embedding);
    if (tied) {
      // of both signs: else every token would only predict itself
      vector("output_norm.weight", hidden, 0, 1);
    } else {
      norm("output_norm");
      matrix("output", delicate, sizes.vocabulary(), hidden, OUTPUT_GAIN / Math.sqrt(hidden));
    }
    List<Float> factors = model.rope().factors();
    if (!factors.isEmpty()) {
      float[] values = new float[factors.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = factors.get(i);
      }
      weights.add(TinyWeight.of("rope_freqs.weight", Shape.of(values.length), values));
    }
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layer(layer);
    }
    if (model.extra().contains(Extra.PREDICTION_LAYER)) {
      layer(sizes.layers());
      String next = "blk." + sizes.layers() + ".nextn.";
      matrix(next + "eh_proj", matrices, hidden, 2 * hidden, 1);
      norm(next + "enorm");
      norm(next + "hnorm");
      norm(next + "shared_head_norm");
    }
    return List.copyOf(weights);
  }

  private void layer(int layer) {
    String block = "blk." + layer + ".";
    DType mixed = layer % 2 == 0 ? model.storage().delicate() : matrices;
    if (model.latent().isPresent()) {
      latentAttention(block, model.latent().get(), mixed);
    } else {
      attention(block, mixed);
    }
    feedForward(block, layer, mixed);
  }

  private void attention(String block, DType valueType) {
    Heads heads = model.heads();
    int queries = heads.queries() * heads.keyWidth();
    int keys = heads.keyValues() * heads.keyWidth();
    int values = heads.keyValues() * heads.valueWidth();
    int read = heads.queries() * heads.valueWidth();
    double sharp = QUERY_KEY_GAIN / Math.sqrt(hidden);

    norm(block + "attn_norm");
    if (model.extra().contains(Extra.FUSED_QUERY_KEY_VALUE)) {
      matrix(block + "attn_qkv", matrices, queries + keys + values, hidden, sharp);
    } else {
      matrix(block + "attn_q", matrices, queries, hidden, sharp);
      matrix(block + "attn_k", matrices, keys, hidden, sharp);
      matrix(block + "attn_v", valueType, values, hidden, 1 / Math.sqrt(hidden));
    }
    if (model.extra().contains(Extra.QUERY_KEY_VALUE_BIASES)) {
      bias(block + "attn_q", queries, BIAS_DEVIATION);
      bias(block + "attn_k", keys, BIAS_DEVIATION);
      bias(block + "attn_v", values, BIAS_DEVIATION);
    }
    if (model.extra().contains(Extra.JOINT_NORMS)) {
      vector(block + "attn_q_norm.weight", queries, QUERY_KEY_GAIN, NORM_DEVIATION);
      vector(block + "attn_k_norm.weight", keys, QUERY_KEY_GAIN, NORM_DEVIATION);
    }
    if (model.extra().contains(Extra.HEAD_NORMS)) {
      headNorm(block + "attn_q_norm", heads.queries());
      headNorm(block + "attn_k_norm", heads.keyValues());
    }
    if (model.isGptOss()) {
      vector(block + "attn_sinks.weight", heads.queries(), 1, 1);
    }
    matrix(block + "attn_output", matrices, hidden, read, residual(read));
    if (model.extra().contains(Extra.ATTENTION_OUTPUT_BIAS)) {
      bias(block + "attn_output", hidden, BIAS_DEVIATION * embedding);
    }
  }

  /** Queries and keys of about the spread that the other attention's have. */
  private void latentAttention(String block, Latent latent, DType valueType) {
    Heads heads = model.heads();
    int turning = model.rope().width();
    int plain = heads.keyWidth() - turning;
    int queries = heads.queries() * heads.keyWidth();
    int read = heads.queries() * heads.valueWidth();
    double sharp = QUERY_KEY_GAIN / Math.sqrt(hidden);
    norm(block + "attn_norm");
    if (latent.queryRank() == 0) {
      matrix(block + "attn_q", matrices, queries, hidden, sharp);
    } else {
      double fromRank = QUERY_KEY_GAIN / Math.sqrt(latent.queryRank());
      matrix(block + "attn_q_a", matrices, latent.queryRank(), hidden, 1 / Math.sqrt(hidden));
      vector(block + "attn_q_a_norm.weight", latent.queryRank(), 1, NORM_DEVIATION);
      matrix(block + "attn_q_b", matrices, queries, latent.queryRank(), fromRank);
    }
    matrix(block + "attn_kv_a_mqa", matrices, latent.width() + turning, hidden, sharp);
    vector(block + "attn_kv_a_norm.weight", latent.width(), 1, NORM_DEVIATION);
    TinyWeight joined =
        TinyWeight.random(
            model.seed(),
            block + "attn_kv_b.weight",
            latent.matrices() == Latent.Matrices.JOINED ? valueType : DType.F32,
            Shape.of((long) heads.queries() * (plain + heads.valueWidth()), latent.width()),
            0,
            QUERY_KEY_GAIN / Math.sqrt(latent.width()));
    if (latent.matrices() != Latent.Matrices.JOINED) {
      var apart = new LatentMatrices(joined, heads.queries(), plain, heads.valueWidth());
      weights.add(apart.keys(block + "attn_k_b.weight", encoded(matrices)));
      weights.add(apart.values(block + "attn_v_b.weight", encoded(valueType)));
    }
    if (latent.matrices() != Latent.Matrices.APART) {
      weights.add(joined);
    }
    matrix(block + "attn_output", matrices, hidden, read, residual(read));
  }

  /** There is no encoder for the K formats, whose blocks would not fit narrow rows either. */
  private static DType encoded(DType type) {
    return switch (type) {
      case Q4_K, Q6_K -> DType.Q8_0;
      default -> type;
    };
  }

  private void feedForward(String block, int layer, DType downType) {
    int width = model.sizes().feedForward();
    if (!model.isParallel()) {
      norm(block + model.feedForwardNorm());
    }
    ExpertChoice choice = model.experts().choice();
    boolean isMixture = layer >= choice.leadingDense() && (layer + 1) % choice.interleaved() == 0;
    if (model.experts().count() > 0 && isMixture) {
      experts(block, downType);
      return;
    }
    matrix(block + "ffn_gate", matrices, width, hidden, 1 / Math.sqrt(hidden));
    matrix(block + "ffn_up", matrices, width, hidden, 1 / Math.sqrt(hidden));
    matrix(block + "ffn_down", downType, hidden, width, residual(width));
    if (model.extra().contains(Extra.FEED_FORWARD_BIASES)) {
      bias(block + "ffn_gate", width, BIAS_DEVIATION);
      bias(block + "ffn_up", width, BIAS_DEVIATION);
      bias(block + "ffn_down", hidden, BIAS_DEVIATION * embedding);
    }
  }

  /** Stacked matrices; scores so far apart that rounding hardly ever changes a choice. */
  private void experts(String block, DType downType) {
    int count = model.experts().count();
    int width = model.experts().width();
    double plain = 1 / Math.sqrt(hidden);
    matrix(block + "ffn_gate_inp", DType.F32, count, hidden, ROUTER_GAIN * plain);
    DType inner = model.storage().experts(matrices);
    DType outer = model.storage().experts(downType);
    matrices(block + "ffn_gate_exps", inner, Shape.of(count, width, hidden), plain);
    matrices(block + "ffn_up_exps", inner, Shape.of(count, width, hidden), plain);
    matrices(block + "ffn_down_exps", outer, Shape.of(count, hidden, width), residual(width));
    if (model.isGptOss()) {
      bias(block + "ffn_gate_inp", count, BIAS_DEVIATION);
      biases(block + "ffn_gate_exps", Shape.of(count, width), 3);
      biases(block + "ffn_up_exps", Shape.of(count, width), 3);
      biases(block + "ffn_down_exps", Shape.of(count, hidden), BIAS_DEVIATION * embedding);
    }
    ExpertChoice choice = model.experts().choice();
    if (choice.biasDeviation() > 0) {
      bias(block + "exp_probs_b", count, choice.biasDeviation());
    }
    if (choice.shared() > 0) {
      int all = choice.shared() * width;
      matrix(block + "ffn_gate_shexp", matrices, all, hidden, plain);
      matrix(block + "ffn_up_shexp", matrices, all, hidden, plain);
      matrix(block + "ffn_down_shexp", downType, hidden, all, residual(all));
    }
  }

  /** The deviation of a matrix that leads back into the stream. */
  private double residual(int columns) {
    return RESIDUAL_GAIN * embedding / Math.sqrt(columns);
  }

  private void matrix(String name, DType type, int rows, int columns, double deviation) {
    matrices(name, type, Shape.of(rows, columns), deviation);
  }

  private void matrices(String name, DType type, Shape shape, double deviation) {
    weights.add(TinyWeight.random(model.seed(), name + ".weight", type, shape, 0, deviation));
  }

  private void norm(String name) {
    vector(name + ".weight", hidden, 1, NORM_DEVIATION);
  }

  /** Wide enough that attention prefers some tokens. */
  private void headNorm(String name, int heads) {
    if (model.isParallel()) { // a weight for each head
      Shape shape = Shape.of(heads, model.heads().keyWidth());
      weights.add(
          TinyWeight.random(
              model.seed(), name + ".weight", DType.F32, shape, QUERY_KEY_GAIN, NORM_DEVIATION));
      return;
    }
    vector(name + ".weight", model.heads().keyWidth(), QUERY_KEY_GAIN, NORM_DEVIATION);
  }

  private void bias(String name, int width, double deviation) {
    vector(name + ".bias", width, 0, deviation);
  }

  private void biases(String name, Shape shape, double deviation) {
    weights.add(TinyWeight.random(model.seed(), name + ".bias", DType.F32, shape, 0, deviation));
  }

  private void vector(String name, int width, double mean, double deviation) {
    weights.add(TinyWeight.random(model.seed(), name, DType.F32, Shape.of(width), mean, deviation));
  }
}
