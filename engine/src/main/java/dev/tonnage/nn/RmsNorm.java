package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** Root-mean-square norm (Zhang & Sennrich 2019). */
public final class RmsNorm implements Norm {

  private final Compute compute;
  private final Rows weight;
  private final float epsilon;

  /**
   * @param name of the weight, without {@code .weight}
   * @param width numbers that are normed together
   * @param epsilon added to the mean square
   */
  public RmsNorm(Weights weights, String name, int width, float epsilon) {
    this.compute = weights.compute();
    this.weight = weights.vector(name + ".weight", width);
    this.epsilon = epsilon;
  }

  private RmsNorm(Compute compute, Rows weight, float epsilon) {
    this.compute = compute;
    this.weight = weight;
    this.epsilon = epsilon;
  }

  /** One whose weights are all 1. */
  static RmsNorm unweighted(Weights weights, int width, float epsilon) {
    return new RmsNorm(weights.compute(), weights.ones(width), epsilon);
  }

  @Override
  public Rows apply(Rows x, Workspace ws) {
    Rows y = ws.rows(x.count(), x.width());
    compute.rmsNorm(x, weight, epsilon, y);
    return y;
  }

  @Override
  public void applyToHeads(Rows x, int heads) {
    compute.rmsNormHeads(x, heads, weight, epsilon);
  }

  @Override
  public Cost cost() {
    return new Cost(4L * weight.width(), 0);
  }
}
