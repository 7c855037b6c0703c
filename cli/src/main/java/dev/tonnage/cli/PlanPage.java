package dev.tonnage.cli;

import dev.tonnage.plan.Band;
import dev.tonnage.plan.Curve;
import dev.tonnage.plan.Curve.RooflinePoint;
import dev.tonnage.plan.Durations;
import dev.tonnage.plan.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A {@link PlanReport} as one page that needs nothing else, to be looked at or printed. */
final class PlanPage {

  private static final String STYLE =
      """
      body { font: 14px/1.45 system-ui, sans-serif; color: #222; max-width: 60em; margin: 2em auto; padding: 0 1em }
      h1 { font-size: 1.5em; margin: 0 } h2 { font-size: 1.15em; margin: 1.6em 0 .4em }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
      th, td { text-align: right; padding: .2em .5em; border-bottom: 1px solid #ddd }
      th:first-child, td:first-child { text-align: left }
      .no { color: #9b2226 } .small { color: #666; font-size: .9em }
      .stack { display: flex; height: 1.1em; border: 1px solid #888; margin: .15em 0 }
      .stack div { height: 100% } svg text { font: 11px system-ui, sans-serif }
      .good { background: #d8ead2 } .fair { background: #fbeed0 } .poor, .cannot { background: #f6d5d0 }
      @media print { body { margin: 0; max-width: none } h2, svg, table { break-inside: avoid } }
      """;

  private final PlanReport report;
  private final StringBuilder page = new StringBuilder();

  private PlanPage(PlanReport report) {
    this.report = report;
  }

  /** The page. */
  static String of(PlanReport report) {
    return new PlanPage(report).text();
  }

  private String text() {
    PlanReport.MachineRow machine = report.machine();
    String model = report.plans().getFirst().model();
    page.append("<!doctype html>\n<html lang='en'><meta charset='utf-8'>\n<title>")
        .append(Html.escaped(model + " on " + machine.title()))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n");
    element("h1", model + " on " + machine.title());
    element(
        "p",
        gigabytes(machine.memoryBytes())
            + " of memory"
            + (machine.bandwidthBytesPerSecond() == null
                ? ""
                : String.format(
                    Locale.ROOT, ", %.1f GB/s", machine.bandwidthBytesPerSecond() / 1e9)));
    engines().forEach(this::engine);
    rates();
    report.curves().forEach(this::roofline);
    element("h2", "Sources");
    small("Model: " + report.modelSource());
    machine.sources().forEach((what, source) -> small("Machine, " + what + ": " + source));
    small(
        "GB are 10^9 bytes. Rates are what each user gets behind a full context; the first token"
            + " comes after a prompt that fills it; in brackets what would be no surprise. What"
            + " nobody measured is left blank.");
    return page.append("</html>\n").toString();
  }

  private Stream<String> engines() {
    return report.plans().stream().map(PlanRow::engine).distinct();
  }

  private void engine(String engine) {
    List<PlanRow> rows =
        report.plans().stream().filter(row -> row.engine().equals(engine)).toList();
    element("h2", engine);
    small(
        "may use "
            + gigabytes(rows.getFirst().memory().givenBytes())
            + ": "
            + rows.getFirst().memory().givenBecause());
    page.append("<table>\n");
    row("th", "format", "context", "weights", "cache", "left", "tok/s", "first token", "at most");
    for (PlanRow row : rows) {
      PlanRow.Rate rate = row.rate();
      row(
          "td",
          row.format(),
          row.users() == 1 ? row.contextTokens() + "" : row.users() + "x" + row.contextTokens(),
          gigabytes(row.memory().weightBytes()),
          gigabytes(row.memory().cacheBytes()),
          row.memory().fits()
              ? gigabytes(row.memory().headroomBytes())
              : "does not fit: " + gigabytes(row.memory().headroomBytes()),
          band(rate.tokensPerSecond(), it -> String.format(Locale.ROOT, "%.1f", it)),
          band(rate.firstTokenSeconds(), Durations::text),
          rate.mostTokensPerSecond() == null
              ? ""
              : String.format(Locale.ROOT, "%.1f", rate.mostTokensPerSecond()));
    }
    page.append("</table>\n");
    rows.forEach(this::stack);
    for (PlanRow row : rows) {
      row.remedies()
          .forEach(remedy ->
              small(
                  row.format()
                      + ", "
                      + row.contextTokens()
                      + " tokens would fit with "
                      + remedy.what()
                      + ": "
                      + gigabytes(remedy.totalBytes())));
    }
    report.uses().stream().filter(use -> use.engine().equals(engine)).forEach(this::use);
  }

  private interface Words {
    String of(double value);
  }

  private static String band(Band band, Words words) {
    return band == null
        ? ""
        : words.of(band.likely()) + " (" + words.of(band.low()) + "-" + words.of(band.high()) + ")";
  }

  /** What the memory is used for, as wide as all that is given. */
  private void stack(PlanRow row) {
    PlanRow.Memory memory = row.memory();
    double whole = Math.max(memory.givenBytes(), memory.givenBytes() - memory.headroomBytes());
    small(row.format() + ", " + row.contextTokens() + " tokens");
    page.append("<div class='stack'>");
    part("weights", "#1b4965", memory.weightBytes() / whole);
    part("keys and values", "#ca6702", memory.cacheBytes() / whole);
    if (memory.scratchBytes() != null) {
      part(
          "scratch and program",
          "#5a8f29",
          (memory.scratchBytes() + memory.programBytes()) / whole);
    }
    page.append("</div>\n");
  }

  private void part(String what, String colour, double share) {
    page.append(
        String.format(
            Locale.ROOT,
            "<div title='%s' style='width:%.2f%%;background:%s'></div>",
            Html.escaped(what),
            100 * share,
            colour));
  }

  private void use(PlanReport.UseRow use) {
    String head = "What it is good for in " + use.format();
    if (use.hasOneReason()) {
      small(head + ": " + use.verdicts().getFirst().reason());
      return;
    }
    small(head);
    page.append("<table>\n");
    for (Verdict verdict : use.verdicts()) {
      String grade = verdict.grade().name().toLowerCase(Locale.ROOT);
      page.append("<tr><td>")
          .append(Html.escaped(verdict.use().label()))
          .append("</td><td class='")
          .append(grade.equals("no") ? "cannot" : grade)
          .append("'>")
          .append(grade)
          .append("</td><td style='text-align:left'>")
          .append(Html.escaped(verdict.reason()))
          .append("</td></tr>\n");
    }
    page.append("</table>\n");
  }

  private void rates() {
    List<PlanReport.CurveRow> known =
        report.curves().stream().filter(row -> !row.curve().points().isEmpty()).toList();
    if (known.isEmpty()) {
      return;
    }
    List<Curve.Point> all = known.stream().flatMap(row -> row.curve().points().stream()).toList();
    var plot =
        new Plot(
            new Plot.Axis(
                "tokens before",
                all.stream().mapToDouble(Curve.Point::contextTokens).min().orElseThrow() / 1.01,
                all.stream().mapToDouble(Curve.Point::contextTokens).max().orElseThrow() * 1.01),
            new Plot.Axis(
                "tokens a second",
                all.stream().mapToDouble(it -> it.tokensPerSecond().low()).min().orElseThrow()
                    / 1.1,
                all.stream().mapToDouble(it -> it.tokensPerSecond().high()).max().orElseThrow()
                    * 1.1));
    for (PlanReport.CurveRow row : known) {
      String name = row.format() + " " + row.engine();
      plot.between(name, line(row, Band::low), line(row, Band::high))
          .line(name, line(row, Band::likely));
    }
    element("h2", "Tokens a second behind more and more of them, with bands");
    page.append(plot.svg());
  }

  private static List<Plot.Point> line(PlanReport.CurveRow row, ToDoubleFunction<Band> which) {
    return row.curve().points().stream()
        .map(it -> new Plot.Point(it.contextTokens(), which.applyAsDouble(it.tokensPerSecond())))
        .toList();
  }

  /** Williams et al. 2009: what memory and arithmetic allow, and where this stands below. */
  private void roofline(PlanReport.CurveRow row) {
    if (row.bytesPerSecond() == null || row.multiplyAddsPerSecond() == null) {
      return;
    }
    double ridge = row.multiplyAddsPerSecond() / row.bytesPerSecond();
    double from = 0.25;
    double to = Math.max(4096, 4 * ridge);
    var plot =
        new Plot(
            new Plot.Axis("multiply-adds for each byte that is read", from, to),
            new Plot.Axis(
                "multiply-adds a second",
                from * row.bytesPerSecond() / 4,
                2 * row.multiplyAddsPerSecond()));
    plot.line(
        "at most",
        List.of(
            new Plot.Point(from, from * row.bytesPerSecond()),
            new Plot.Point(ridge, row.multiplyAddsPerSecond()),
            new Plot.Point(to, row.multiplyAddsPerSecond())));
    dot(plot, "a token", row.curve().generation());
    dot(plot, "a prompt", row.curve().prompt());
    element("h2", "Roofline: " + row.format() + " " + row.engine());
    page.append(plot.svg());
  }

  private static void dot(Plot plot, String word, RooflinePoint point) {
    point
        .multiplyAddsPerSecond()
        .ifPresent(
            rate -> plot.dot("likely", word, new Plot.Point(point.multiplyAddsPerByte(), rate)));
  }

  private void row(String cell, String... cells) {
    page.append("<tr>");
    for (String each : cells) {
      page.append('<').append(cell).append('>').append(Html.escaped(each));
      page.append("</").append(cell).append('>');
    }
    page.append("</tr>\n");
  }

  private void element(String name, String text) {
    page.append('<').append(name).append('>').append(Html.escaped(text));
    page.append("</").append(name).append(">\n");
  }

  private void small(String text) {
    page.append("<div class='small'>").append(Html.escaped(text)).append("</div>\n");
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
