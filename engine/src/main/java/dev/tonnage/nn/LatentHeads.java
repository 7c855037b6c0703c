package dev.tonnage.nn;

import dev.tonnage.kernel.ColumnCopy;
import dev.tonnage.kernel.Compute;
import dev.tonnage.kernel.Product;
import dev.tonnage.kernel.RowProducts;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What latent attention has for each head: a matrix that moves its queries to where latents are,
 * and one that makes values of latents. Letters as in {@link LatentAttention}.
 */
final class LatentHeads {

  private final Compute compute;
  private final AttentionShape.Latent shape;

  /** Of each head, [C, N]. */
  private final List<Tensor> keys;

  /** Of each head, [E, C]. */
  private final List<Tensor> values;

  private LatentHeads(
      Compute compute, AttentionShape.Latent shape, List<Tensor> keys, List<Tensor> values) {
    this.compute = compute;
    this.shape = shape;
    this.keys = keys;
    this.values = values;
  }

  /**
   * Takes {@code attn_k_b} and {@code attn_v_b}; of a file that has not, {@code attn_kv_b}, each of
   * whose heads makes a key and then a value of a latent. Of that, what makes keys is copied, for
   * it is needed the other way round.
   */
  static LatentHeads of(Weights weights, AttentionShape.Latent shape) {
    int heads = shape.heads();
    int c = shape.latentWidth();
    int n = shape.plainWidth();
    int e = shape.headValueWidth();
    if (weights.has("attn_k_b.weight")) {
      weights.pass("attn_kv_b.weight"); // some files have the same joined, too
      return new LatentHeads(
          weights.compute(),
          shape,
          weights.stack("attn_k_b", heads, c, n),
          weights.stack("attn_v_b", heads, e, c));
    }
    Tensor joined = weights.matrix("attn_kv_b", heads * (n + e), c);
    return new LatentHeads(
        weights.compute(),
        shape,
        IntStream.range(0, heads)
            .mapToObj(head -> weights.turned(joined.rows(head * (n + e), n)))
            .toList(),
        IntStream.range(0, heads).mapToObj(head -> joined.rows(head * (n + e) + n, e)).toList());
  }

  /**
   * Moves queries to where keys of the cache are.
   *
   * @param q [n, Q·(N+R)]
   * @param queries [n, Q·(R+C)], which get what turns as it is
   */
  void toLatents(Rows q, Rows queries, Step step, Workspace ws) {
    int n = shape.plainWidth();
    int r = shape.rotaryWidth();
    int c = shape.latentWidth();
    compute.copy(
        IntStream.range(0, shape.heads())
            .mapToObj(head -> new ColumnCopy(q, head * (n + r) + n, queries, head * (r + c), r))
            .toList());
    project(keys, q, new Columns(0, n + r, n), queries, new Columns(r, r + c, c), step, ws);
  }

  /**
   * Makes values of what was mixed of latents.
   *
   * @param mixed [n, Q·C]
   * @param out [n, Q·E]
   */
  void valuesOf(Rows mixed, Rows out, Step step, Workspace ws) {
    int c = shape.latentWidth();
    int e = shape.headValueWidth();
    project(values, mixed, new Columns(0, c, c), out, new Columns(0, e, e), step, ws);
  }

  /**
   * Where heads' numbers are in a row.
   *
   * @param first the first head's first column
   * @param stride columns from a head to the next
   * @param width how many a head has
   */
  private record Columns(int first, int stride, int width) {

    int of(int head) {
      return first + head * stride;
    }
  }

  /** Multiplies each head's numbers with its matrix. */
  private void project(
      List<Tensor> matrices, Rows x, Columns from, Rows y, Columns to, Step step, Workspace ws) {
    List<ColumnCopy> apart = new ArrayList<>();
    List<ColumnCopy> together = new ArrayList<>();
    List<RowProducts> products = new ArrayList<>();
    for (int head = 0; head < matrices.size(); head++) {
      Rows own = ws.rows(x.count(), from.width());
      Rows product = ws.rows(x.count(), to.width());
      apart.add(new ColumnCopy(x, from.of(head), own, 0, from.width()));
      products.add(new RowProducts(own, List.of(new Product(matrices.get(head), product))));
      together.add(new ColumnCopy(product, 0, y, to.of(head), to.width()));
    }
    compute.copy(apart);
    compute.multiply(products, step.phase());
    compute.copy(together);
  }

  /** Of one token. */
  Cost cost() {
    return Stream.concat(keys.stream(), values.stream())
        .map(each -> new Cost(each.bytes(), each.shape().elements()))
        .reduce(Cost.NONE, Cost::plus);
  }
}
