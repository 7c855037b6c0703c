package dev.tonnage.cli;

import dev.tonnage.kernel.Phase;
import dev.tonnage.plan.MemoryPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A table in Markdown, for people: what tells tests apart, and the means. */
final class BenchTable implements BenchOutput {

  /** Columns that most tables do not need. */
  enum Extra {
    CACHE_TYPES,
    STREAMS
  }

  private static final String UNKNOWN = "-";

  /** A column's head, how wide it is at least, and what stands in it. */
  private record Cell(String head, int width, String text) {

    static Cell left(String head, int width, String text) {
      return new Cell(head, -width, text);
    }
  }

  private final Terminal terminal;
  private final Set<Extra> extra;
  private final int modelWidth;
  private final Set<String> notes = new LinkedHashSet<>();
  private boolean begun;

  /**
   * @param extra columns to have besides the usual ones
   * @param names of the models
   */
  BenchTable(Terminal terminal, Set<Extra> extra, List<String> names) {
    this.terminal = terminal;
    this.extra = extra;
    this.modelWidth = names.stream().mapToInt(String::length).max().orElse(0);
  }

  @Override
  public void print(BenchRow row) {
    List<Cell> cells = cells(row);
    if (!begun) {
      begun = true;
      line(cells.stream().map(cell -> new Cell(cell.head, cell.width, cell.head)).toList());
      line(cells.stream().map(BenchTable::rule).toList());
    }
    line(cells);
    terminal.out().flush();
    if (row.test().phase() == Phase.GENERATION) { // of prompts it is never measured
      note("bandwidth of memory", row.setting().unmeasuredMemory());
    }
    note("peak of arithmetic", row.setting().unmeasuredPeak());
  }

  private void note(String what, String why) {
    if (!why.isEmpty()) {
      notes.add(what + ": not measured, because " + why);
    }
  }

  private static Cell rule(Cell cell) {
    String dashes = "-".repeat(Math.abs(width(cell)) - 1);
    return new Cell(cell.head, cell.width, cell.width < 0 ? dashes + "-" : dashes + ":");
  }

  /** At least that of the head; negative for text that begins at the left. */
  private static int width(Cell cell) {
    int width = Math.max(Math.abs(cell.width), cell.head.length());
    return cell.width < 0 ? -width : width;
  }

  private void line(List<Cell> cells) {
    var line = new StringBuilder("|");
    for (Cell cell : cells) {
      line.append(String.format(Locale.ROOT, " %" + width(cell) + "s |", cell.text));
    }
    terminal.out().println(line);
  }

  private List<Cell> cells(BenchRow row) {
    BenchRow.Setting setting = row.setting();
    BenchTest test = row.test();
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.left("model", modelWidth, Terminal.printable(setting.model().name())));
    cells.add(new Cell("size", 10, MemoryPlan.gib(setting.model().bytes())));
    cells.add(new Cell("params", 8, parameters(setting.model().parameters())));
    cells.add(Cell.left("kernels", 7, setting.kernels()));
    cells.add(new Cell("threads", 7, setting.threads() + ""));
    if (extra.contains(Extra.CACHE_TYPES)) {
      cells.add(new Cell("type_k", 6, setting.cache().keys()));
      cells.add(new Cell("type_v", 6, setting.cache().values()));
    }
    if (extra.contains(Extra.STREAMS)) {
      cells.add(new Cell("streams", 7, test.streams() + ""));
    }
    cells.add(new Cell("test", 14, test.word()));
    cells.add(new Cell("t/s", 20, rate(row)));
    if (extra.contains(Extra.STREAMS)) {
      cells.add(new Cell("t/s each", 8, number("%.2f", row.rate().mean() / test.streams())));
    }
    cells.add(new Cell("MB/token", 8, number("%.1f", row.tokenBytes() / 1e6)));
    cells.add(new Cell("memory GB/s", 11, number("%.1f", row.memoryRate().mean() / 1e9)));
    cells.add(new Cell("of it", 5, number("%.0f%%", 100 * row.memoryPart().mean())));
    cells.add(new Cell("GMAC/s", 7, number("%.2f", row.multiplyAdds().mean() / 1e9)));
    cells.add(new Cell("of peak", 7, number("%.0f%%", 100 * row.peakPart().mean())));
    return cells;
  }

  private static String rate(BenchRow row) {
    Spread rate = row.rate();
    String text = String.format(Locale.ROOT, "%.2f ± %.2f", rate.mean(), rate.deviation());
    int done = row.samples().size();
    return done == row.wanted() ? text : text + " (" + done + " of " + row.wanted() + ")";
  }

  private static String parameters(long count) {
    return count < 1_000_000_000
        ? String.format(Locale.ROOT, "%.2f M", count / 1e6)
        : String.format(Locale.ROOT, "%.2f B", count / 1e9);
  }

  private static String number(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : UNKNOWN;
  }

  @Override
  public void close() {
    notes.forEach(note -> terminal.out().println("\n" + note));
    terminal.out().flush();
  }
}
