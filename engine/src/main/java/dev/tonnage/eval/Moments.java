package dev.tonnage.eval;

/** Sums over values, for their mean and how far it can be trusted. */
final class Moments {

  private long count;
  private double sum;
  private double squares;

  void add(double value) {
    count++;
    sum += value;
    squares += value * value;
  }

  long count() {
    return count;
  }

  /** The mean and its standard error; NaN without values. */
  Estimate mean() {
    double mean = sum / count;
    double variance = squares / count - mean * mean;
    return new Estimate(mean, count > 1 && variance > 0 ? Math.sqrt(variance / (count - 1)) : 0);
  }
}
