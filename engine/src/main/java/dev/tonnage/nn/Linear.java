package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;
import java.util.Optional;

/** {@code y = x · Wᵀ}, plus a bias where the model has one. */
public final class Linear {

  private final Compute compute;
  private final Tensor weight;
  private final Optional<Rows> bias;

  /**
   * @param name of the matrix, without {@code .weight}
   * @param outputs numbers out
   * @param inputs numbers in
   */
  public Linear(Weights weights, String name, int outputs, int inputs) {
    this.compute = weights.compute();
    this.weight = weights.matrix(name, outputs, inputs);
    this.bias = weights.optionalVector(name + ".bias", outputs);
  }

  /** A matrix that was loaded already, such as an embedding that is the output, too. */
  public Linear(Compute compute, Tensor weight) {
    this.compute = compute;
    this.weight = weight;
    this.bias = Optional.empty();
  }

  /**
   * @param x [n, inputs]
   * @return [n, outputs]
   */
  public Rows apply(Rows x, Step step, Workspace ws) {
    Rows y = ws.rows(x.count(), Math.toIntExact(weight.shape().rows()));
    compute.multiply(weight, x, y, step.phase());
    bias.ifPresent(b -> compute.add(y, b));
    return y;
  }

  /** Of one token. */
  public Cost cost() {
    long biasBytes = bias.map(b -> 4L * b.width()).orElse(0L);
    return new Cost(weight.data().byteSize() + biasBytes, weight.shape().elements());
  }
}
