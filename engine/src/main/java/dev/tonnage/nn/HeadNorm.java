package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;

/** A root-mean-square norm of each head's queries or keys (Henry et al. 2020). D: its width. */
public final class HeadNorm {

  private final Compute compute;
  private final Rows weight;
  private final float epsilon;

  /**
   * @param name of the weight, without {@code .weight}
   * @param width D
   * @param epsilon added to the mean square
   */
  public HeadNorm(Weights weights, String name, int width, float epsilon) {
    this.compute = weights.compute();
    this.weight = weights.vector(name + ".weight", width);
    this.epsilon = epsilon;
  }

  /** Norms every head of x [n, heads · D], in place. */
  public void apply(Rows x, int heads) {
    compute.rmsNormHeads(x, heads, weight, epsilon);
  }

  /** Of one token. */
  public Cost cost() {
    return new Cost(4L * weight.width(), 0);
  }
}
