package dev.tonnage.cli;

import dev.tonnage.eval.Distribution;
import dev.tonnage.eval.DivergenceReport;
import dev.tonnage.eval.Estimate;
import dev.tonnage.os.ProcessMemory;
import dev.tonnage.session.LoadedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form of {@code perplexity --json}; a field is null where a number is not known or nothing was
 * compared. Log-likelihoods and divergences are nats, probabilities fractions of one.
 */
record PerplexityReport(
    String model,
    String text,
    int context,
    int chunks,
    boolean complete,
    long scored,
    Double nll,
    Double nllError,
    Double ppl,
    Double pplError,
    List<Double> chunkNll,
    long tokens,
    double seconds,
    Double tokensPerSecond,
    String cacheTypeK,
    String cacheTypeV,
    String compute,
    long memoryBytes,
    String klBaseWritten,
    Divergence klDivergence) {

  /** A value and its standard error. */
  record Value(Double value, Double error) {
    static Value of(Estimate estimate) {
      return new Value(known(estimate.value()), known(estimate.error()));
    }
  }

  /** What the comparison came to. */
  record Divergence(
      String base,
      long scored,
      Value ppl,
      Value basePpl,
      Double correlation,
      Value lnPplRatio,
      Value pplRatio,
      Value pplDifference,
      Value kld,
      Map<String, Double> kldQuantiles,
      Value deltaP,
      Value deltaPRms,
      Map<String, Double> deltaPQuantiles,
      Value sameTop) {

    static Divergence of(String base, DivergenceReport r) {
      return new Divergence(
          base,
          r.scored(),
          Value.of(r.perplexity()),
          Value.of(r.basePerplexity()),
          known(r.correlation()),
          Value.of(r.logRatio()),
          Value.of(r.ratio()),
          Value.of(r.difference()),
          Value.of(r.divergence()),
          quantiles(r.divergences()),
          Value.of(r.shift()),
          Value.of(r.rootMeanSquareShift()),
          quantiles(r.shifts()),
          Value.of(r.sameTop()));
    }
  }

  static PerplexityReport of(
      PerplexityRun run, LoadedModel loaded, String text, Comparison comparison) {
    var cache = CacheTypes.of(loaded);
    Value nll = Value.of(run.perplexity().nll());
    Value ppl = Value.of(run.perplexity().value());
    return new PerplexityReport(
        loaded.name(),
        text,
        run.context(),
        run.chunks(),
        run.complete(),
        run.perplexity().scored(),
        nll.value(),
        nll.error(),
        ppl.value(),
        ppl.error(),
        run.perplexity().chunkNlls(),
        run.tokens(),
        run.seconds(),
        known(run.tokensPerSecond()),
        cache.keys(),
        cache.values(),
        loaded.computeDescription(),
        ProcessMemory.peakBytes().orElse(loaded.takenBytes()),
        comparison instanceof Comparison.Written written ? written.file() + "" : null,
        comparison instanceof Comparison.With with
            ? Divergence.of(with.file() + "", with.report())
            : null);
  }

  private static Map<String, Double> quantiles(Distribution values) {
    Map<String, Double> quantiles = new LinkedHashMap<>();
    for (String fraction :
        new String[] {
          "1", "0.999", "0.99", "0.95", "0.9", "0.75", "0.5", "0.25", "0.1", "0.05", "0.01",
          "0.001", "0"
        }) {
      quantiles.put(fraction, values.quantile(Double.parseDouble(fraction)));
    }
    return quantiles;
  }

  private static Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
