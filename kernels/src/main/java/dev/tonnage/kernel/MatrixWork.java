package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The products of rows with matrices of one type, cut into tasks that any thread may run in any
 * order, after the rows have been prepared. Shapes have been checked by the gate.
 */
final class MatrixWork {

  /**
   * One of the products.
   *
   * @param firstRow of its rows among all that are prepared
   */
  private record Part(Rows x, int firstRow, Product product, MatrixKernel.Beside beside) {}

  private final MatrixKernel matrix;
  private final List<Rows> inputs = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final int width;
  private final int tileRows;

  /** Of a token's prepared activations; 0 where floats are used as they are. */
  private final long preparedBytes;

  /** The first row of each of the inputs among all, and one behind the last. */
  private final int[] firstRows;

  /** Each product's first task, and one behind the last. */
  private final int[] begins;

  /**
   * @param all at least one, of rows of one width
   * @param threads how many there are to share them; results do not depend on it
   */
  MatrixWork(MatrixKernel matrix, List<RowProducts> all, int threads) {
    this.matrix = matrix;
    this.width = all.getFirst().x().width();
    this.firstRows = new int[all.size() + 1];
    long outputs = 0;
    for (RowProducts each : all) {
      int i = inputs.size();
      inputs.add(each.x());
      firstRows[i + 1] = firstRows[i] + each.x().count();
      for (Product product : each.products()) {
        parts.add(new Part(each.x(), firstRows[i], product, MatrixKernel.Beside.of(product.w())));
        outputs += product.outputs();
      }
    }
    this.tileRows = matrix.rows(width, Math.clamp(outputs / threads, 0, Integer.MAX_VALUE));
    this.preparedBytes = matrix.activationBytes(width);
    this.begins = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      int tiles = Math.ceilDiv(parts.get(i).product().outputs(), tileRows);
      begins[i + 1] = begins[i] + tiles;
    }
  }

  /** Bytes of scratch that a thread needs. */
  long scratchBytes() {
    return matrix.scratchBytes(width);
  }

  /** Bytes of all rows' prepared activations, which threads share. */
  long sharedBytes() {
    return firstRows[inputs.size()] * preparedBytes;
  }

  /** How many rows are prepared. */
  int preparations() {
    return preparedBytes == 0 ? 0 : firstRows[inputs.size()];
  }

  /**
   * Makes of a row what the matrices read.
   *
   * @param row among those of all inputs
   * @param scratch address of this thread's scratch, on a line
   * @param shared address of what threads share, on a line
   */
  void prepare(int row, long scratch, long shared) {
    int index = last(firstRows, row);
    Rows x = inputs.get(index);
    matrix.prepare(
        x.data().address() + (row - firstRows[index]) * 4L * x.stride(),
        width,
        shared + row * preparedBytes,
        scratch);
  }

  /** How many tasks there are. */
  int tasks() {
    return begins[parts.size()];
  }

  /**
   * Runs a task, when all rows have been prepared.
   *
   * @param scratch address of this thread's scratch, on a line
   * @param shared address of what threads share, on a line
   */
  void run(int task, long scratch, long shared) {
    int index = last(begins, task);
    Part part = parts.get(index);
    Tensor w = part.product().w();
    Rows x = part.x();
    Rows y = part.product().y();
    int first = (task - begins[index]) * tileRows;
    boolean prepared = preparedBytes > 0;
    matrix.multiply(
        new MatrixKernel.Tile(
            w.data().address() + first * w.rowBytes(),
            w.rowBytes(),
            part.beside(),
            Math.min(tileRows, part.product().outputs() - first),
            width,
            prepared ? shared + part.firstRow() * preparedBytes : x.data().address(),
            prepared ? preparedBytes : 4L * x.stride(),
            x.count(),
            y.data().address() + 4L * first,
            4L * y.stride()),
        scratch);
  }

  /** The last of ascending numbers that is not above one. */
  private static int last(int[] ascending, int number) {
    int found = Arrays.binarySearch(ascending, number);
    return found >= 0 ? found : -found - 2;
  }
}
