package dev.tonnage.cli;

import dev.tonnage.plan.MemoryPlan;
import java.util.Locale;

/** A {@link PlanReport} for people. GB are 10^9 bytes, as files are sold; GiB are 2^30. */
final class PlanTable {

  private final Terminal terminal;

  PlanTable(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(PlanReport report) {
    line("model", report.plans().getFirst().model() + " (" + report.modelSource() + ")");
    line(
        "machine",
        report.machine()
            + ", "
            + gigabytes(report.memoryBytes())
            + " of memory ("
            + MemoryPlan.gib(report.memoryBytes())
            + ")"
            + bandwidth(report)
            + " ("
            + report.machineSource()
            + ")");
    line("backend", report.backend());
    terminal.out().println();
    columns(
        "format",
        "context",
        "weights",
        "keys+values",
        "scratch",
        "machine gives",
        "left",
        "fits",
        "GPU",
        "at most");
    for (PlanRow row : report.plans()) {
      columns(
          row.format(),
          row.users() == 1 ? row.contextTokens() + "" : row.users() + "x" + row.contextTokens(),
          gigabytes(row.weightBytes()),
          gigabytes(row.cacheBytes()),
          gigabytes(row.scratchBytes()),
          gigabytes(row.givenBytes()),
          gigabytes(row.headroomBytes()),
          row.fits() ? "yes" : "no",
          gpu(report, row),
          most(row));
    }
    terminal.out().println();
    terminal
        .out()
        .println(
            "GB are 10^9 bytes. \"At most\" is bandwidth over bytes that a token reads: no engine on"
                + " this memory exceeds it, real ones reach a part. It is no forecast.");
    for (PlanRow row : report.plans()) {
      if (row.run() != null) {
        terminal.out().println(Terminal.printable(row.run()));
      }
    }
    if (report.gpuLimitBytes() != null) {
      terminal
          .out()
          .println(
              "GPU: as llama.cpp on the graphics processor, where Tonnage does not run: whether weights,"
                  + " keys and values are within the "
                  + gigabytes(report.gpuLimitBytes())
                  + " that it may use by default.");
    }
  }

  private static String gpu(PlanReport report, PlanRow row) {
    if (report.gpuLimitBytes() == null) {
      return "-";
    }
    return row.heldBytes() <= report.gpuLimitBytes() ? "yes" : "no";
  }

  private static String bandwidth(PlanReport report) {
    return report.bandwidthBytesPerSecond() == null
        ? ""
        : String.format(Locale.ROOT, ", %.1f GB/s", report.bandwidthBytesPerSecond() / 1e9);
  }

  private static String most(PlanRow row) {
    return row.mostTokensPerSecond() == null
        ? "-"
        : String.format(Locale.ROOT, "%.1f tok/s", row.mostTokensPerSecond());
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  private void line(String label, String text) {
    terminal.out().println(String.format(Locale.ROOT, "%-10s %s", label, Terminal.printable(text)));
  }

  private void columns(Object... cells) {
    terminal
        .out()
        .println(
            String.format(Locale.ROOT, "%-10s %9s %12s %12s %10s %14s %12s %5s %4s %14s", cells));
  }
}
