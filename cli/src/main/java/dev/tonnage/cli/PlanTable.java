package dev.tonnage.cli;

import dev.tonnage.plan.Band;
import dev.tonnage.plan.Durations;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.plan.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link PlanReport} for people. GB are 10^9 bytes, as files are sold; GiB are 2^30. */
final class PlanTable {

  private static final String UNKNOWN = "-";

  private final Terminal terminal;

  PlanTable(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(PlanReport report) {
    PlanReport.MachineRow machine = report.machine();
    say("model    " + report.plans().getFirst().model() + " (" + report.modelSource() + ")");
    say("machine  " + machine.title() + ", " + memory(machine) + bandwidth(machine));
    Map<String, List<PlanRow>> byEngine =
        report.plans().stream()
            .collect(
                Collectors.groupingBy(PlanRow::engine, LinkedHashMap::new, Collectors.toList()));
    byEngine.forEach((engine, rows) -> print(engine, rows, report.uses()));
    say("");
    say("GB are 10^9 bytes. tok/s is what each user gets behind a full context; the first token");
    say("comes after a prompt that fills it; in brackets what would be no surprise. No engine on");
    say("this memory exceeds what is at most. What nobody measured is left blank (-).");
  }

  private static String memory(PlanReport.MachineRow machine) {
    return gigabytes(machine.memoryBytes())
        + " of memory ("
        + MemoryPlan.gib(machine.memoryBytes())
        + ")";
  }

  private static String bandwidth(PlanReport.MachineRow machine) {
    return machine.bandwidthBytesPerSecond() == null
        ? ""
        : String.format(Locale.ROOT, ", %.1f GB/s", machine.bandwidthBytesPerSecond() / 1e9);
  }

  private void print(String engine, List<PlanRow> rows, List<PlanReport.UseRow> uses) {
    say("");
    PlanRow.Memory first = rows.getFirst().memory();
    say(engine + " may use " + gigabytes(first.givenBytes()) + ": " + first.givenBecause());
    columns(
        "format",
        "context",
        "weights",
        "cache",
        "scratch",
        "left",
        "fits",
        "tok/s",
        "first token",
        "at most");
    rows.forEach(this::print);
    rows.forEach(this::printBelow);
    for (PlanReport.UseRow use : uses) {
      if (use.engine().equals(engine)) {
        print(use);
      }
    }
  }

  private void print(PlanRow row) {
    PlanRow.Memory memory = row.memory();
    PlanRow.Rate rate = row.rate();
    columns(
        row.format(),
        row.users() == 1 ? row.contextTokens() + "" : row.users() + "x" + row.contextTokens(),
        gigabytes(memory.weightBytes()),
        gigabytes(memory.cacheBytes()),
        memory.scratchBytes() == null ? UNKNOWN : gigabytes(memory.scratchBytes()),
        gigabytes(memory.headroomBytes()),
        memory.fits() ? "yes" : "no",
        rate.tokensPerSecond() == null ? UNKNOWN : rate(rate.tokensPerSecond()),
        rate.firstTokenSeconds() == null ? UNKNOWN : duration(rate.firstTokenSeconds()),
        rate.mostTokensPerSecond() == null
            ? UNKNOWN
            : String.format(Locale.ROOT, "%.1f", rate.mostTokensPerSecond()));
  }

  private void printBelow(PlanRow row) {
    String which = "  " + row.format() + ", " + row.contextTokens() + " tokens: ";
    PlanRow.Rate rate = row.rate();
    if (rate.kilowattHours() != null) {
      say(
          String.format(
              Locale.ROOT,
              "%s%.0f W when measured, %.1f kWh for a million tokens%s",
              which,
              rate.watts(),
              rate.kilowattHours(),
              rate.cost() == null
                  ? ""
                  : String.format(Locale.ROOT, ", which cost %.2f", rate.cost())));
    }
    for (PlanRow.RemedyRow remedy : row.remedies()) {
      say(
          which
              + "would fit with "
              + remedy.what()
              + ": "
              + gigabytes(remedy.totalBytes())
              + (remedy.tokensPerSecond() == null
                  ? ""
                  : ", " + rate(remedy.tokensPerSecond()) + " tok/s"));
    }
    if (row.run() != null) {
      say("  " + row.run());
    }
  }

  /** In a line where there is one reason for all. */
  private void print(PlanReport.UseRow use) {
    String head = "  What it is good for in " + use.format() + ":";
    Verdict first = use.verdicts().getFirst();
    if (use.hasOneReason()) {
      say(head + " " + word(first) + ", " + first.reason());
    } else {
      say(head);
      use.verdicts().forEach(this::print);
    }
  }

  private static String word(Verdict verdict) {
    return verdict.grade().name().toLowerCase(Locale.ROOT);
  }

  private void print(Verdict verdict) {
    say(
        String.format(
            Locale.ROOT,
            "    %-18s %-8s %s",
            verdict.use().label(),
            word(verdict),
            verdict.reason()));
  }

  private static String rate(Band band) {
    return String.format(Locale.ROOT, "%.1f (%.1f-%.1f)", band.likely(), band.low(), band.high());
  }

  private static String duration(Band band) {
    return Durations.text(band.likely())
        + " ("
        + Durations.text(band.low())
        + "-"
        + Durations.text(band.high())
        + ")";
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  private void say(String text) {
    terminal.out().println(Terminal.printable(text));
  }

  private void columns(Object... cells) {
    say(String.format(Locale.ROOT, "  %-9s %9s %9s %9s %8s %9s %4s %18s %28s %8s", cells));
  }
}
