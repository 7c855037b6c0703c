package dev.tonnage.cli;

import dev.tonnage.eval.Distribution;
import dev.tonnage.eval.DivergenceReport;
import dev.tonnage.eval.Estimate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a measurement has to do with a base's log-probabilities. */
sealed interface Comparison {

  /** What is said about it, beside the perplexity. */
  List<String> lines();

  /** Nothing. */
  record None() implements Comparison {
    @Override
    public List<String> lines() {
      return List.of();
    }
  }

  /**
   * They are its own.
   *
   * @param file where they are now
   */
  record Written(Path file) implements Comparison {
    @Override
    public List<String> lines() {
      return List.of("log-probabilities written to " + file);
    }
  }

  /**
   * It was compared with them.
   *
   * @param file where they are
   * @param report what came of it
   */
  record With(Path file, DivergenceReport report) implements Comparison {

    private static final double[] DIVERGENCE_PERCENTS = {99.9, 99, 95, 90, 50, 10, 5, 1};

    private static final double[] SHIFT_PERCENTS = {99.9, 99, 95, 90, 75, 50, 25, 10, 5, 1, 0.1};

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("Perplexity, of this model (Q) and of " + file + " (base)");
      lines.add(row("PPL(Q)", report.perplexity(), 1));
      lines.add(row("PPL(base)", report.basePerplexity(), 1));
      lines.add(row("correlation of their logarithms", 100 * report.correlation()) + " %");
      lines.add(row("ln(PPL(Q)/PPL(base))", report.logRatio(), 1));
      lines.add(row("PPL(Q)/PPL(base)", report.ratio(), 1));
      lines.add(row("PPL(Q)-PPL(base)", report.difference(), 1));
      lines.add("");
      lines.add("KL divergence, in nats");
      lines.add(row("mean", report.divergence(), 1));
      spread(report.divergences(), DIVERGENCE_PERCENTS, 1, lines);
      lines.add("");
      lines.add("Change of the probability of the token that came (Δp), in percent");
      lines.add(row("mean", report.shift(), 100));
      lines.add(row("root mean square", report.rootMeanSquareShift(), 100));
      spread(report.shifts(), SHIFT_PERCENTS, 100, lines);
      lines.add("");
      lines.add(row("Same token likeliest", report.sameTop(), 100) + " %");
      lines.add("");
      return lines;
    }

    private static void spread(
        Distribution values, double[] percents, int factor, List<String> lines) {
      lines.add(row("maximum", factor * values.quantile(1)));
      for (double percent : percents) {
        lines.add(row(percent(percent), factor * values.quantile(percent / 100)));
      }
      lines.add(row("minimum", factor * values.quantile(0)));
    }

    private static String percent(double percent) {
      return percent == 50 ? "median" : String.format(Locale.ROOT, "%.1f %% below", percent);
    }

    private static String row(String what, Estimate estimate, int factor) {
      return row(what, factor * estimate.value())
          + String.format(Locale.ROOT, " ± %10.6f", factor * estimate.error());
    }

    private static String row(String what, double value) {
      return String.format(Locale.ROOT, "  %-32s %12.6f", what, value);
    }
  }
}
