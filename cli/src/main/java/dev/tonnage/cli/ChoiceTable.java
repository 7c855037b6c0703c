package dev.tonnage.cli;

import dev.tonnage.plan.Band;
import dev.tonnage.plan.Choice;
import dev.tonnage.plan.Durations;
import dev.tonnage.plan.Plan;
import dev.tonnage.plan.Site;
import dev.tonnage.plan.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Models for a machine, or machines for a model, in the order they were found. */
final class ChoiceTable {

  private static final String UNKNOWN = "-";

  private final Terminal terminal;

  ChoiceTable(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * The form of {@code --json}.
   *
   * @param machine its name in the catalogue, or {@code this}
   */
  record Row(
      String machine,
      String model,
      String engine,
      String format,
      int contextTokens,
      PlanRow.Memory memory,
      Band tokensPerSecond,
      Band firstTokenSeconds,
      List<Verdict> verdicts) {

    static Row of(Choice choice) {
      Plan plan = choice.plan();
      return new Row(
          choice.site() instanceof Site.Elsewhere there ? there.machine().name() : "this",
          choice.model().name(),
          plan.engine().label(),
          choice.mix().name(),
          plan.capacity().contextTokens(),
          PlanRow.Memory.of(plan),
          plan.tokensPerSecond().orElse(null),
          plan.promptSeconds().orElse(null),
          choice.verdicts());
    }
  }

  void print(List<Row> rows) {
    columns("machine", "model", "engine", "format", "context", "weights", "left", "tok/s", "first");
    for (Row row : rows) {
      columns(
          row.machine(),
          row.model(),
          row.engine(),
          row.format(),
          row.contextTokens() + "",
          gigabytes(row.memory().weightBytes()),
          gigabytes(row.memory().headroomBytes()),
          row.tokensPerSecond() == null
              ? UNKNOWN
              : String.format(
                  Locale.ROOT,
                  "%.1f (%.1f-%.1f)",
                  row.tokensPerSecond().likely(),
                  row.tokensPerSecond().low(),
                  row.tokensPerSecond().high()),
          row.firstTokenSeconds() == null
              ? UNKNOWN
              : Durations.text(row.firstTokenSeconds().likely()));
      say("    " + uses(row.verdicts()));
    }
  }

  private static String uses(List<Verdict> verdicts) {
    return verdicts.stream()
        .map(it -> it.use().label() + ": " + it.grade().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  private void columns(Object... cells) {
    say(String.format(Locale.ROOT, "%-23s %-21s %-38s %-9s %8s %9s %9s %20s %9s", cells));
  }

  private void say(String text) {
    terminal.out().println(Terminal.printable(text));
  }
}
