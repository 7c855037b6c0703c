package dev.tonnage.eval;

import java.util.Arrays;

/** How values are spread. */
public final class Distribution {

  private final double[] sorted;

  /** Of at least one value. */
  Distribution(double[] values) {
    this.sorted = values.clone();
    Arrays.sort(sorted);
  }

  /**
   * The value that a fraction of all is below, on the straight line between its neighbours.
   *
   * @param fraction 0 for the least, 0.5 for the median, 1 for the greatest
   */
  public double quantile(double fraction) {
    double at = fraction * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    double weight = at - below;
    return (1 - weight) * sorted[below] + weight * sorted[above];
  }
}
