package dev.tonnage.nn;

import dev.tonnage.kernel.ColumnCopy;
import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.List;

/** Layer norm (Ba et al. 2016) without a bias. */
public final class LayerNorm implements Norm {

  private final Compute compute;
  private final Rows weight;
  private final float epsilon;

  /**
   * @param name of the weight, without {@code .weight}
   * @param width numbers that are normed together
   * @param epsilon added to the variance
   */
  public LayerNorm(Weights weights, String name, int width, float epsilon) {
    this(weights.compute(), weights.vector(name + ".weight", width), epsilon);
  }

  private LayerNorm(Compute compute, Rows weight, float epsilon) {
    this.compute = compute;
    this.weight = weight;
    this.epsilon = epsilon;
  }

  /** With a weight for each head: [heads, width]. */
  static LayerNorm ofHeads(Weights weights, String name, int heads, int width, float epsilon) {
    return new LayerNorm(
        weights.compute(), weights.vectors(name + ".weight", heads, width), epsilon);
  }

  @Override
  public Rows apply(Rows x, Workspace ws) {
    Rows y = ws.rows(x.count(), x.width());
    compute.copy(List.of(new ColumnCopy(x, 0, y, 0, x.width())));
    compute.layerNorm(y, 1, weight, epsilon);
    return y;
  }

  @Override
  public void applyToHeads(Rows x, int heads) {
    compute.layerNorm(x, heads, weight, epsilon);
  }

  @Override
  public Cost cost() {
    return new Cost(4L * weight.count() * weight.width(), 0);
  }
}
