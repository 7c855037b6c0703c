package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.Grid;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * A {@link Grid} by the levels of its coordinates, the lowest 0, so that a point has 16 bits. Of
 * eight coordinates 0, 2, 4, 6 are at bits 0, 2, 4, 6, of four 0 and 2 at bits 0 and 4; the others
 * are 8 bits further up.
 */
final class GridLevels {

  private final List<Byte> levels;
  private final short[] points;

  /**
   * @param coordinates of a point, 4 or 8
   */
  GridLevels(Grid grid, int coordinates) {
    long[] all = grid.points();
    var different = new TreeSet<Byte>();
    for (long point : all) {
      for (int c = 0; c < coordinates; c++) {
        different.add(coordinate(point, c));
      }
    }
    levels = List.copyOf(different);
    points = new short[all.length];
    for (int i = 0; i < all.length; i++) {
      for (int c = 0; c < coordinates; c++) {
        int level = levels.indexOf(coordinate(all[i], c));
        points[i] |= (short) (level << (c / 2 * (16 / coordinates) + c % 2 * 8));
      }
    }
  }

  private static byte coordinate(long point, int index) {
    return (byte) (point >>> (8 * index));
  }

  /** The points, 16 bits each. */
  short[] points() {
    return points.clone();
  }

  /** A table for a shuffle of bytes, by the numbers of levels: what becomes of each. */
  byte[] table(IntUnaryOperator value) {
    return Constants.bytes(i -> i % 16 < levels.size() ? value.applyAsInt(levels.get(i % 16)) : 0);
  }
}
