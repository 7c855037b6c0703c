package dev.tonnage.nn;

import dev.tonnage.kernel.AttentionRule;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.Compute;
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
    /** Queries and keys by layer norms with a weight for each head, where layers have them. */
    LAYER_NORMS_WHERE_THERE
  }

  private final Compute compute;
  private final int layer;
  private final AttentionShape.Grouped widths;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final List<Norm> norms;
  private final RotaryEmbedding rotary;
  private final AttentionRule rule;

  /**
   * @param weights where {@code attn_q}, {@code attn_k}, {@code attn_v} and {@code attn_output}
   *     are, {@code attn_q_norm} and {@code attn_k_norm} where heads are normed, and {@code
   *     attn_sinks} where there are sinks
   * @param hidden H
   * @param epsilon of norms
   * @param layer which layer of the cache is this one's
   * @param scale what scores are multiplied with, usually 1/√D
   * @param window how many positions a token sees at most, its own among them
   */
  public GroupedAttention(
      Weights weights,
      int layer,
      int hidden,
      AttentionShape.Grouped widths,
      float epsilon,
      RotaryEmbedding rotary,
      float scale,
      int window) {
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
          case LAYER_NORMS_WHERE_THERE ->
              weights.has("attn_q_norm.weight") ? layerNorms(weights, epsilon) : List.of();
        };
    this.rotary = rotary;
    Optional<Rows> sinks =
        widths.hasSinks()
            ? Optional.of(weights.vector("attn_sinks.weight", widths.heads()))
            : Optional.empty();
    this.rule = new AttentionRule(scale, window, sinks);
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
    if (!norms.isEmpty()) {
      norms.getFirst().applyToHeads(q, normedQueries());
      norms.getLast().applyToHeads(k, normedKeys());
    }
    rotary.apply(q, widths.heads(), turns);
    rotary.apply(k, widths.keyValueHeads(), turns);
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

  @Override
  public Cost cost() {
    Cost matrices = query.cost().plus(key.cost()).plus(value.cost()).plus(output.cost());
    return norms.stream().map(Norm::cost).reduce(matrices, Cost::plus);
  }
}
