package dev.tonnage.eval;

/**
 * A value and its standard error.
 *
 * @param value the estimate
 * @param error one standard deviation of it; 0 where too few values tell
 */
public record Estimate(double value, double error) {

  /** The exponential, its error to first order. */
  Estimate exp() {
    return new Estimate(Math.exp(value), Math.exp(value) * error);
  }
}
