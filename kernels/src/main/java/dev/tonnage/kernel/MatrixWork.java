package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.util.List;

/**
 * The products of some rows with matrices of one type, cut into tasks that any thread may run in
 * any order, after the rows have been prepared. Shapes have been checked by the gate.
 */
final class MatrixWork {

  private final MatrixKernel matrix;
  private final Rows x;
  private final List<Product> products;
  private final int tileRows;

  /** Of a token's prepared activations; 0 where floats are used as they are. */
  private final long preparedBytes;

  /** Each matrix's first task, and one behind the last. */
  private final int[] begins;

  /**
   * @param products at least one
   * @param threads how many there are to share them; results do not depend on it
   */
  MatrixWork(MatrixKernel matrix, Rows x, List<Product> products, int threads) {
    this.matrix = matrix;
    this.x = x;
    this.products = products;
    int rows = products.stream().mapToInt(Product::outputs).sum();
    this.tileRows = matrix.rows(x.width(), rows / threads);
    this.preparedBytes = matrix.activationBytes(x.width());
    this.begins = new int[products.size() + 1];
    for (int i = 0; i < products.size(); i++) {
      begins[i + 1] = begins[i] + Math.ceilDiv(products.get(i).outputs(), tileRows);
    }
  }

  /** Bytes of scratch that a thread needs. */
  long scratchBytes() {
    return matrix.scratchBytes(x.width());
  }

  /** Bytes of all rows' prepared activations, which threads share. */
  long sharedBytes() {
    return x.count() * preparedBytes;
  }

  /** How many rows are prepared. */
  int preparations() {
    return preparedBytes == 0 ? 0 : x.count();
  }

  /**
   * Makes of a row what the matrices read.
   *
   * @param scratch address of this thread's scratch, on a line
   * @param shared address of what threads share, on a line
   */
  void prepare(int row, long scratch, long shared) {
    matrix.prepare(
        x.data().address() + row * 4L * x.stride(),
        x.width(),
        shared + row * preparedBytes,
        scratch);
  }

  /** How many tasks there are. */
  int tasks() {
    return begins[products.size()];
  }

  /**
   * Runs a task, when all rows have been prepared.
   *
   * @param scratch address of this thread's scratch, on a line
   * @param shared address of what threads share, on a line
   */
  void run(int task, long scratch, long shared) {
    int index = 0;
    while (task >= begins[index + 1]) {
      index++;
    }
    Product product = products.get(index);
    Tensor w = product.w();
    Rows y = product.y();
    int first = (task - begins[index]) * tileRows;
    boolean prepared = preparedBytes > 0;
    matrix.multiply(
        new MatrixKernel.Tile(
            w.data().address() + first * w.rowBytes(),
            w.rowBytes(),
            Math.min(tileRows, product.outputs() - first),
            x.width(),
            prepared ? shared : x.data().address(),
            prepared ? preparedBytes : 4L * x.stride(),
            x.count(),
            y.data().address() + 4L * first,
            4L * y.stride()),
        scratch);
  }
}
