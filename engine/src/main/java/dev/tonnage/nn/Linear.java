package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.kernel.Product;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;
import java.util.List;
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
    return applyAll(List.of(this), x, step, ws).getFirst();
  }

  /**
   * Several matrices with the same input, at once.
   *
   * @param x [n, inputs]
   * @return of each, [n, outputs]
   */
  static List<Rows> applyAll(List<Linear> matrices, Rows x, Step step, Workspace ws) {
    List<Product> products =
        matrices.stream()
            .map(matrix -> new Product(matrix.weight, ws.rows(x.count(), matrix.outputs())))
            .toList();
    Compute compute = matrices.getFirst().compute;
    compute.multiply(x, products, step.phase());
    for (int i = 0; i < products.size(); i++) {
      Rows y = products.get(i).y();
      matrices.get(i).bias.ifPresent(b -> compute.add(y, b));
    }
    return products.stream().map(Product::y).toList();
  }

  private int outputs() {
    return Math.toIntExact(weight.shape().rows());
  }

  /** Of one token. */
  public Cost cost() {
    long biasBytes = bias.map(b -> 4L * b.width()).orElse(0L);
    return new Cost(weight.bytes() + biasBytes, weight.shape().elements());
  }
}
