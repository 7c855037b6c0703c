package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
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

  /** See {@link Compute#gather}. */
  void gather(Tensor table, BlockFormat format, int[] ids, Rows out, TeamScratch scratch) {
    checkTable("gather", table, ids, out);
    long[] own = scratch.own(decodeBytes(out.width()));
    eachRow(
        out,
        (row, member) ->
            format.decode(
                table.data().address() + ids[row] * table.rowBytes(),
                out.width(),
                out.data().address() + 4L * row * out.stride(),
                own[member]));
  }

  /** See {@link Compute#addFrom}. */
  void addFrom(Rows x, Tensor table, BlockFormat format, int[] rows, TeamScratch scratch) {
    checkTable("addFrom", table, rows, x);
    long rowBytes = 4L * x.stride();
    long[] own = scratch.own(rowBytes + decodeBytes(x.width()));
    eachRow(
        x,
        (row, member) -> {
          long decoded = own[member];
          Memory.zero(decoded, rowBytes);
          format.decode(
              table.data().address() + rows[row] * table.rowBytes(),
              x.width(),
              decoded,
              decoded + rowBytes);
          kernels.add(x.data().address() + row * rowBytes, decoded, x.stride());
        });
  }

  private static void checkTable(String operation, Tensor table, int[] ids, Rows rows) {
    Bounds.check(
        ids.length == rows.count() && table.shape().columns() == rows.width(),
        operation,
        table,
        rows);
    for (int id : ids) {
      Bounds.check(id >= 0 && id < table.shape().rows(), operation + " of row " + id, table, rows);
    }
  }

  /** Scratch that a thread needs at most, in bytes, for rows of this length. */
  static long mostScratchBytes(int elements) {
    return 4L * Rows.padded(elements) + decodeBytes(elements);
  }

  private static long decodeBytes(int elements) {
    return (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(elements);
  }

  /** See {@link Compute#pick}. */
  void pick(Rows x, int[] rows, Rows out) {
    Bounds.check(x.width() == out.width() && rows.length == out.count(), "pick", x, out);
    Bounds.check(rows, x);
    long bytes = 4L * x.stride();
    eachRow(
        out,
        (row, _) ->
            Memory.copy(
                x.data().address() + rows[row] * bytes, out.data().address() + row * bytes, bytes));
  }

  /** See {@link Compute#split}. */
  void split(Rows pairs, Rows firsts, Rows seconds) {
    Bounds.check(
        firsts.width() == seconds.width()
            && pairs.width() == 2 * firsts.width()
            && firsts.count() == pairs.count()
            && seconds.count() == pairs.count(),
        "split",
        pairs,
        firsts,
        seconds);
    eachRow(
        pairs,
        (row, _) -> {
          long from = pairs.data().address() + 4L * row * pairs.stride();
          long first = firsts.data().address() + 4L * row * firsts.stride();
          long second = seconds.data().address() + 4L * row * seconds.stride();
          for (int i = 0; i < firsts.width(); i++) {
            Memory.f32(first + 4L * i, Memory.f32(from + 8L * i));
            Memory.f32(second + 4L * i, Memory.f32(from + 8L * i + 4));
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
    eachRow(rows, numbers, (row, _) -> copies.forEach(each -> each.run(row)));
  }

  /** Runs something for each row, several rows a task where they are short. */
  private void eachRow(Rows rows, Team.Task body) {
    eachRow(rows.count(), rows.stride(), body);
  }

  private void eachRow(int rows, int numbers, Team.Task body) {
    int rowsPerTask = Math.max(1, NUMBERS_PER_TASK / numbers);
    team.run(
        Math.ceilDiv(rows, rowsPerTask),
        (task, member) -> {
          int end = Math.min(rows, (task + 1) * rowsPerTask);
          for (int row = task * rowsPerTask; row < end; row++) {
            body.run(row, member);
          }
        });
  }
}
