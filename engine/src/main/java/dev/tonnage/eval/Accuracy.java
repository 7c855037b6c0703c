package dev.tonnage.eval;

import java.util.List;

/**
 * How many answers were right.
 *
 * @param right right ones
 * @param questions all of them, at least one
 */
public record Accuracy(int right, int questions) {

  /** Of the normal distribution, 95% lie within so many standard deviations of the mean. */
  private static final double Z = 1.959963984540054;

  /** Counts that can be. */
  public Accuracy {
    if (questions < 1 || right < 0 || right > questions) {
      throw new IllegalArgumentException(right + " right of " + questions);
    }
  }

  /** The share that is right. */
  public double value() {
    return (double) right / questions;
  }

  /** The score interval (Wilson 1927): honest also for few questions and shares near 0 and 1. */
  public Interval interval() {
    double p = value();
    double n = questions;
    double shrink = 1 + Z * Z / n;
    double centre = (p + Z * Z / (2 * n)) / shrink;
    double half = Z / shrink * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /** The mean of several shares, each of which counts the same however many its questions. */
  public static double mean(List<Accuracy> shares) {
    return shares.stream().mapToDouble(Accuracy::value).average().orElseThrow();
  }

  /**
   * Where that mean lies: from each share's own interval, by adding the squares of the distances to
   * its limits (Zou and Donner 2008). Of one share, its own interval.
   */
  public static Interval meanInterval(List<Accuracy> shares) {
    double below = 0;
    double above = 0;
    for (Accuracy share : shares) {
      Interval own = share.interval();
      below += Math.pow((share.value() - own.low()) / shares.size(), 2);
      above += Math.pow((own.high() - share.value()) / shares.size(), 2);
    }
    double mean = mean(shares);
    return new Interval(mean - Math.sqrt(below), mean + Math.sqrt(above));
  }
}
