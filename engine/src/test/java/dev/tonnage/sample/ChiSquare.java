package dev.tonnage.sample;

/**
 * Pearson's test: how probable it is that counts are as far from their expectations as these are,
 * or farther, if the expectations are right.
 */
final class ChiSquare {

  /** An honest sampler fails one test of a million. */
  static final double IMPROBABLE = 1e-6;

  /** Cells with fewer expected draws are one cell together, as the approximation demands. */
  private static final double LEAST_EXPECTED = 10;

  private ChiSquare() {}

  /**
   * The probability; 0 if something was drawn that cannot be.
   *
   * @param probabilities exact ones, of every outcome
   * @param counts how often each outcome was drawn
   */
  static double probability(double[] probabilities, int[] counts) {
    double draws = 0;
    for (int count : counts) {
      draws += count;
    }
    double square = 0;
    int cells = 0;
    double rareMean = 0;
    double rareCount = 0;
    for (int i = 0; i < counts.length; i++) {
      double mean = draws * probabilities[i];
      if (mean == 0 && counts[i] > 0) {
        return 0;
      }
      if (mean < LEAST_EXPECTED) {
        rareMean += mean;
        rareCount += counts[i];
      } else {
        square += (counts[i] - mean) * (counts[i] - mean) / mean;
        cells++;
      }
    }
    if (rareMean >= LEAST_EXPECTED) {
      square += (rareCount - rareMean) * (rareCount - rareMean) / rareMean;
      cells++;
    }
    return cells < 2 ? 1 : exceeded(square, cells - 1);
  }

  /**
   * How often a chi-square of so many degrees of freedom exceeds a value: the upper incomplete
   * gamma function, by recursion over the degrees (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5).
   */
  static double exceeded(double square, int degrees) {
    boolean odd = degrees % 2 == 1;
    double tail = odd ? 2 * normalTail(Math.sqrt(square)) : 0;
    double term = odd ? Math.sqrt(2 * square / Math.PI) : 1;
    for (int of = odd ? 3 : 2; of <= degrees; of += 2) {
      tail += term * Math.exp(-square / 2);
      term *= square / of;
    }
    return tail;
  }

  /** Of the standard normal distribution beyond x ≥ 0, by Simpson's rule over 12 units. */
  private static double normalTail(double x) {
    int steps = 2000;
    double width = 12.0 / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = x + i * width;
      double factor = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += factor * Math.exp(-at * at / 2);
    }
    return sum * width / 3 / Math.sqrt(2 * Math.PI);
  }
}
