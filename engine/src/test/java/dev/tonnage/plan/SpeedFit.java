package dev.tonnage.plan;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The constants that fit measurements best: the sum of the squares of the logarithms of forecast
 * over fact is least. Found by trying along each constant in turn, in steps that shrink.
 */
final class SpeedFit {

  private static final double FINEST = 1e-7;

  private SpeedFit() {}

  /** Constants from where a search begins. */
  static double[] best(ToDoubleFunction<double[]> error, double... start) {
    double[] at = start.clone();
    double[] steps = Arrays.stream(start).map(each -> 0.3 * each).toArray();
    double least = error.applyAsDouble(at);
    for (double size = 1; size > FINEST; ) {
      boolean isBetter = false;
      for (int i = 0; i < at.length; i++) {
        for (int sign = -1; sign <= 1; sign += 2) {
          double[] next = at.clone();
          next[i] += sign * size * steps[i];
          double found = next[i] > 0 ? error.applyAsDouble(next) : Double.MAX_VALUE;
          if (found < least) {
            least = found;
            at = next;
            isBetter = true;
          }
        }
      }
      size = isBetter ? size : size / 1.7;
    }
    return at;
  }

  /** The error of rates of generation. */
  static double ofGeneration(
      List<MeasuredSpeed> rows, double share, double denseSeconds, double mixtureSeconds) {
    return rows.stream()
        .filter(row -> row.tokensPerSecond().isPresent())
        .mapToDouble(row -> {
          double seconds =
              row.work().stepBytes(row.depthTokens(), 1) / (share * row.bandwidthGbPerS() * 1e9)
                  + row.cores()
                      * (denseSeconds * row.work().denseLayers()
                          + mixtureSeconds * row.work().mixtureLayers());
          return square(Math.log(seconds * row.tokensPerSecond().getAsDouble()));
        })
        .sum();
  }

  /** The error of rates of prompts, where generation's constants are known. */
  static double ofPrompts(List<MeasuredSpeed> rows, double computeShare) {
    return rows.stream()
        .filter(row -> row.promptTokensPerSecond().isPresent())
        .mapToDouble(row -> {
          FittedSpeed fitted = row.forecast();
          var speed =
              new FittedSpeed(
                  fitted.work(),
                  fitted.engine(),
                  fitted.bytesPerSecond(),
                  fitted.layersSeconds(),
                  java.util.OptionalDouble.of(computeShare * row.multiplyAddsPerSecond()));
          double seconds = speed.promptSeconds(0, row.promptTokens()).getAsDouble();
          return square(
              Math.log(seconds * row.promptTokensPerSecond().getAsDouble() / row.promptTokens()));
        })
        .sum();
  }

  private static double square(double x) {
    return x * x;
  }
}
