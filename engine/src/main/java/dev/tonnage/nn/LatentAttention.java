package dev.tonnage.nn;

import dev.tonnage.kernel.AttentionRule;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.ColumnCopy;
import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.List;

/**
 * Multi-head latent attention (DeepSeek-AI 2024), absorbed: a token leaves one latent in the cache
 * that all heads' keys and values are made of, and a key that turns. Keys are never made: what
 * would make them moves queries to where latents are, and attention is that of Q heads over one key
 * of R + C numbers, whose end is the value; what is mixed there becomes values afterwards.
 *
 * <p>Q heads, P rank of queries, C width of a latent, R numbers that turn, N numbers of a head's
 * key that do not, E width of a head's value.
 */
public final class LatentAttention implements Attention {

  private final Compute compute;
  private final int layer;
  private final AttentionShape.Latent shape;
  private final LatentQuery query;
  private final Linear down;
  private final RmsNorm latentNorm;
  private final LatentHeads heads;
  private final Linear output;
  private final RotaryEmbedding rotary;
  private final AttentionRule rule;

  /**
   * @param weights where {@code attn_kv_a_mqa}, {@code attn_kv_a_norm} and {@code attn_output} are,
   *     and what queries and heads are made with
   * @param layer which layer of the cache is this one's
   * @param hidden H
   * @param epsilon of norms
   * @param scale what scores are multiplied with, usually 1/√(N+R)
   */
  public LatentAttention(
      Weights weights,
      int layer,
      int hidden,
      AttentionShape.Latent shape,
      float epsilon,
      RotaryEmbedding rotary,
      float scale) {
    this.compute = weights.compute();
    this.layer = layer;
    this.shape = shape;
    this.query = new LatentQuery(weights, hidden, shape, epsilon);
    int latentAndKey = shape.latentWidth() + shape.rotaryWidth();
    this.down = new Linear(weights, "attn_kv_a_mqa", latentAndKey, hidden);
    this.latentNorm = new RmsNorm(weights, "attn_kv_a_norm", shape.latentWidth(), epsilon);
    this.heads = LatentHeads.of(weights, shape);
    this.output =
        new Linear(weights, "attn_output", hidden, shape.heads() * shape.headValueWidth());
    this.rotary = rotary;
    this.rule = AttentionRule.full(scale);
  }

  @Override
  public Rows apply(Rows x, Rows turns, Step step, Workspace ws) {
    int n = x.count();
    Rows values = ws.rows(n, shape.heads() * shape.headValueWidth()); // [n, Q·E]
    try (var _ = ws.frame()) {
      Rows mixed = ws.rows(n, shape.heads() * shape.latentWidth()); // [n, Q·C]
      try (var _ = ws.frame()) {
        Rows queries = ws.rows(n, shape.heads() * shape.keyWidth()); // [n, Q·(R+C)]
        Rows keys = ws.rows(n, shape.keyWidth()); // [n, R+C]
        try (var _ = ws.frame()) {
          putKeys(x, keys, step, ws);
        }
        try (var _ = ws.frame()) {
          heads.toLatents(query.apply(x, step, ws), queries, step, ws);
        }
        rotary.apply(queries, shape.heads(), turns);
        rotary.apply(keys, 1, turns);
        attend(queries, keys, step, mixed);
      }
      heads.valuesOf(mixed, values, step, ws);
    }
    return output.apply(values, step, ws);
  }

  /** What turns, and then the latent. */
  private void putKeys(Rows x, Rows keys, Step step, Workspace ws) {
    Rows both = down.apply(x, step, ws); // [n, C+R]
    int c = shape.latentWidth();
    int r = shape.rotaryWidth();
    Rows latents = ws.rows(x.count(), c); // [n, C]
    compute.copy(
        List.of(new ColumnCopy(both, c, keys, 0, r), new ColumnCopy(both, 0, latents, 0, c)));
    Rows normed = latentNorm.apply(latents, ws); // [n, C]
    compute.copy(List.of(new ColumnCopy(normed, 0, keys, r, c)));
  }

  private void attend(Rows queries, Rows keys, Step step, Rows mixed) {
    int row = 0;
    for (Passage passage : step.passages()) { // a sequence sees its own keys and values alone
      int rows = passage.count();
      CacheSpan span = passage.cache().span(layer);
      int position = passage.firstPosition();
      compute.store(keys.slice(row, rows), span, position);
      compute.attend(queries.slice(row, rows), span, position, rule, mixed.slice(row, rows));
      row += rows;
    }
  }

  @Override
  public Cost cost() {
    return query
        .cost()
        .plus(down.cost())
        .plus(latentNorm.cost())
        .plus(heads.cost())
        .plus(output.cost());
  }
}
