package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;

/**
 * A matrix that rows are multiplied with, and where the results go.
 *
 * @param w [outputs, inputs]
 * @param y [n, outputs]
 */
public record Product(Tensor w, Rows y) {

  int outputs() {
    return Math.toIntExact(w.shape().rows());
  }

  int inputs() {
    return Math.toIntExact(w.shape().columns());
  }
}
