package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/**
 * Columns that become another's: {@code y[i, to + k] = x[i, from + k]}.
 *
 * @param x [n, any]
 * @param from x's first column
 * @param y [n, any], other memory than x
 * @param to y's first column
 * @param columns how many
 */
public record ColumnCopy(Rows x, int from, Rows y, int to, int columns) {

  /** Fails where columns are not there, or memory is gone. */
  void check() {
    Bounds.check(
        x.count() == y.count()
            && columns > 0
            && from >= 0
            && (long) from + columns <= x.width()
            && to >= 0
            && (long) to + columns <= y.width(),
        "copy of " + columns + " columns from " + from + " to " + to,
        x,
        y);
  }

  void run(int row) {
    Memory.copy(
        x.data().address() + 4 * ((long) row * x.stride() + from),
        y.data().address() + 4 * ((long) row * y.stride() + to),
        4L * columns);
  }
}
