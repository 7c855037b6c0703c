package dev.tonnage.nn;

import dev.tonnage.kernel.AttentionRule;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.Compute;
import dev.tonnage.nn.LayerView.Positions;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * Attention whose query heads share key/value heads in groups (Ainslie et al. 2023); with as many
 * of both it is multi-head attention, with one key/value head multi-query. Q query heads, K
 * key/value heads, D width of a key, E width of a value.
 */
public final class GroupedAttention implements Attention {

  /** What is normed head by head before it turns. */
  public enum HeadNorms {
    NONE,
    QUERIES_AND_KEYS,
    /** Queries and keys, of those layers that have norms. */
    WHERE_THERE,
    /** All heads' queries as one row, and all keys. */
    ALL_TOGETHER,
    /** Queries and keys after they turned, without weights, of those layers that turn. */
    TURNED,
    /** Queries and keys by layer norms with a weight for each head, where layers have them. */
    LAYER_NORMS_WHERE_THERE
  }

  /** Positions after which queries are sharper. */
  private static final int SHARPENED_EVERY = 8192;

  private final Compute compute;
  private final int layer;
  private final AttentionShape.Grouped widths;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final List<Norm> norms;
  private final RotaryEmbedding rotary;
  private final Positions positions;
  private final AttentionRule rule;

  /**
   * @param weights where {@code attn_q}, {@code attn_k}, {@code attn_v} and {@code attn_output}
   *     are, {@code attn_q_norm} and {@code attn_k_norm} where heads are normed, and {@code
   *     attn_sinks} where there are sinks
   * @param hidden H
   * @param epsilon of norms
   * @param layer which layer of the cache is this one's
   * @param scale what scores are multiplied with, usually 1/√D
   * @param view what the layer sees of a sequence
   */
  public GroupedAttention(
      Weights weights,
      int layer,
      int hidden,
      AttentionShape.Grouped widths,
      float epsilon,
      RotaryEmbedding rotary,
      float scale,
      LayerView view) {
    this.compute = weights.compute();
    this.layer = layer;
    this.widths = widths;
    this.query = new Linear(weights, "attn_q", widths.heads() * widths.keyWidth(), hidden);
    this.key = new Linear(weights, "attn_k", widths.keyValueHeads() * widths.keyWidth(), hidden);
    this.value =
        new Linear(weights, "attn_v", widths.keyValueHeads() * widths.valueWidth(), hidden);
    this.output = new Linear(weights, "attn_output", hidden, widths.heads() * widths.valueWidth());
    this.norms =
        switch (widths.norms()) {
          case NONE -> List.of();
          case WHERE_THERE ->
              weights.has("attn_q_norm.weight") ? norms(weights, epsilon) : List.of();
          case QUERIES_AND_KEYS, ALL_TOGETHER -> norms(weights, epsilon);
          case TURNED ->
              switch (view.positions()) {
                case TURNED -> {
                  Norm norm = RmsNorm.unweighted(weights, widths.keyWidth(), epsilon);
                  yield List.of(norm, norm);
                }
                case SHARPENED -> List.of();
              };
          case LAYER_NORMS_WHERE_THERE ->
              weights.has("attn_q_norm.weight") ? layerNorms(weights, epsilon) : List.of();
        };
    this.rotary = rotary;
    this.positions = view.positions();
    Optional<Rows> sinks =
        widths.hasSinks()
            ? Optional.of(weights.vector("attn_sinks.weight", widths.heads()))
            : Optional.empty();
    this.rule = new AttentionRule(scale, view.reach(), sinks);
  }

  private List<Norm> norms(Weights weights, float epsilon) {
    int q = widths.heads() / normedQueries() * widths.keyWidth();
    int k = widths.keyValueHeads() / normedKeys() * widths.keyWidth();
    return List.of(
        new RmsNorm(weights, "attn_q_norm", q, epsilon),
        new RmsNorm(weights, "attn_k_norm", k, epsilon));
  }

  private List<Norm> layerNorms(Weights weights, float epsilon) {
    int width = widths.keyWidth();
    return List.of(
        LayerNorm.ofHeads(weights, "attn_q_norm", widths.heads(), width, epsilon),
        LayerNorm.ofHeads(weights, "attn_k_norm", widths.keyValueHeads(), width, epsilon));
  }

  /** Pieces that a token's queries are normed in. */
  private int normedQueries() {
    return widths.norms() == HeadNorms.ALL_TOGETHER ? 1 : widths.heads();
  }

  private int normedKeys() {
    return widths.norms() == HeadNorms.ALL_TOGETHER ? 1 : widths.keyValueHeads();
  }

  @Override
  public Rows apply(Rows x, Rows turns, Step step, Workspace ws) {
    List<Rows> all = Linear.applyAll(List.of(query, key, value), x, step, ws);
    Rows q = all.get(0); // [n, Q·D]
    Rows k = all.get(1); // [n, K·D]
    Rows v = all.get(2); // [n, K·E]
    boolean turnsFirst = widths.norms() == HeadNorms.TURNED;
    if (!turnsFirst) {
      norm(q, k);
    }
    switch (positions) {
      case TURNED -> {
        rotary.apply(q, widths.heads(), turns);
        rotary.apply(k, widths.keyValueHeads(), turns);
      }
      case SHARPENED -> sharpen(q, step);
    }
    if (turnsFirst) {
      norm(q, k);
    }
    Rows mixed = ws.rows(step.count(), widths.heads() * widths.valueWidth()); // [n, Q·E]
    int row = 0;
    for (Passage passage : step.passages()) { // a sequence sees its own keys and values alone
      int rows = passage.count();
      CacheSpan span = passage.cache().span(layer);
      int position = passage.firstPosition();
      compute.store(k.slice(row, rows), v.slice(row, rows), span, position);
      compute.attend(q.slice(row, rows), span, position, rule, mixed.slice(row, rows));
      row += rows;
    }
    return output.apply(mixed, step, ws);
  }

  private void norm(Rows q, Rows k) {
    if (!norms.isEmpty()) {
      norms.getFirst().applyToHeads(q, normedQueries());
      norms.getLast().applyToHeads(k, normedKeys());
    }
  }

  private void sharpen(Rows q, Step step) {
    int[] at = step.positions();
    for (int row = 0; row < at.length; row++) {
      int chunks = (at[row] + 1) / SHARPENED_EVERY;
      if (chunks > 0) {
        compute.scale(q.slice(row, 1), (float) (1 + 0.1 * Math.log1p(chunks)));
      }
    }
  }

  @Override
  public Cost cost() {
    Cost matrices = query.cost().plus(key.cost()).plus(value.cost()).plus(output.cost());
    return norms.stream().map(Norm::cost).reduce(matrices, Cost::plus);
  }
}
