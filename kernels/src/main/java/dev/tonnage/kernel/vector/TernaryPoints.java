package dev.tonnage.kernel.vector;

import dev.tonnage.kernel.scalar.Grid;

/** The points of the ternary formats, shifted by an eighth up or down: whole numbers of eighths. */
final class TernaryPoints {

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  /** Eight times the coordinate, and 8 more so that no byte borrows from its neighbour. */
  private static final long[] POINTS = points();

  private TernaryPoints() {}

  private static long[] points() {
    long[] points = Grid.IQ1_S.points();
    for (int i = 0; i < points.length; i++) {
      // coordinates −1, 0, 1 as bytes 255, 0, 1; their lower two bits plus one are 0, 1, 2
      points[i] = (((points[i] & (3 * ONES)) + ONES) & (3 * ONES)) << 3;
    }
    return points;
  }

  /**
   * Eight numbers of −9, −7, −1, 1, 7 or 9.
   *
   * @param index of the point
   * @param down −1 for a shift down, 0 for one up
   */
  static long eighths(int index, int down) {
    long biased = POINTS[index & 2047] + ((2 * ONES) & ~(long) down);
    return ((biased | TOPS) - 9 * ONES) ^ TOPS;
  }
}
