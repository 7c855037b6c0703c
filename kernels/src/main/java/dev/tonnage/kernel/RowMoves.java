package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import java.util.List;

/** Rows that go elsewhere, with a team. Bounds are checked here. */
final class RowMoves {

  /** Numbers of a task that copies. */
  private static final int NUMBERS_PER_TASK = 16 << 10;

  /** Columns of a task that adds rows: some lines of memory of each. */
  private static final int COLUMNS_PER_TASK = 256;

  private final Kernels kernels;
  private final Team team;

  RowMoves(Kernels kernels, Team team) {
    this.kernels = kernels;
    this.team = team;
  }

  /** See {@link Compute#pick}. */
  void pick(Rows x, int[] rows, Rows out) {
    Bounds.check(x.width() == out.width() && rows.length == out.count(), "pick", x, out);
    Bounds.check(rows, x);
    long bytes = 4L * x.stride();
    int rowsPerTask = Math.max(1, NUMBERS_PER_TASK / x.stride());
    team.run(
        Math.ceilDiv(rows.length, rowsPerTask),
        (task, _) -> {
          int end = Math.min(rows.length, (task + 1) * rowsPerTask);
          for (int row = task * rowsPerTask; row < end; row++) {
            Memory.copy(
                x.data().address() + rows[row] * bytes, out.data().address() + row * bytes, bytes);
          }
        });
  }

  /** See {@link Compute#addAt}. */
  void addAt(Rows x, int[] rows, float[] factors, Rows y) {
    Bounds.check(
        x.width() == y.width() && rows.length == x.count() && factors.length == x.count(),
        "addAt",
        x,
        y);
    Bounds.check(rows, y);
    int stride = x.stride();
    // each task has some columns of all rows, so that sums have one order
    int perMember = Rows.padded(Math.ceilDiv(stride, team.members()));
    int perTask = Math.max(COLUMNS_PER_TASK, perMember);
    team.run(
        Math.ceilDiv(stride, perTask),
        (task, _) -> {
          int first = task * perTask;
          int columns = Math.min(perTask, stride - first);
          for (int i = 0; i < rows.length; i++) {
            kernels.addScaled(
                y.data().address() + 4L * ((long) rows[i] * stride + first),
                x.data().address() + 4L * ((long) i * stride + first),
                factors[i],
                columns);
          }
        });
  }

  /** See {@link Compute#copy}. */
  void copy(List<ColumnCopy> copies) {
    int rows = copies.getFirst().x().count();
    for (ColumnCopy each : copies) {
      each.check();
      Bounds.check(each.x().count() == rows, "copy in " + rows + " rows", each.x());
    }
    int numbers = Math.max(1, copies.stream().mapToInt(ColumnCopy::columns).sum());
    int rowsPerTask = Math.max(1, NUMBERS_PER_TASK / numbers);
    team.run(
        Math.ceilDiv(rows, rowsPerTask),
        (task, _) -> {
          int end = Math.min(rows, (task + 1) * rowsPerTask);
          for (int row = task * rowsPerTask; row < end; row++) {
            for (ColumnCopy each : copies) {
              each.run(row);
            }
          }
        });
  }
}
