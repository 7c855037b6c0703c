package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: a half-precision d; for each 8 numbers a byte that
 * with two more bits chooses a point of {@link Grid#IQ2_S}; for each 8 a byte of {@link Signs}; 8
 * bytes with those further bits; 8 bytes with scales as in {@link ScalarIQ2_XS}.
 */
public final class ScalarIQ2_S implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 82;

  /** Where the lower eight bits of the points begin. */
  public static final int QUANTS = 2;

  /** Where the signs begin. */
  public static final int SIGNS = 34;

  /** Where the upper two bits of the points begin. */
  public static final int HIGH = 66;

  /** Where the scales begin. */
  public static final int SCALES = 74;

  private static final long[] POINTS = Grid.IQ2_S.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int eight = k % 256 / 8;
      long point = POINTS[index(block, eight)];
      int signs = Memory.u8(block + SIGNS + eight);
      Memory.f32(
          out + 4L * k,
          ScalarIQ2_XS.scale(block, block + SCALES, k % 256 / 16)
              * Grid.coordinate(point, k % 8)
              * Signs.of(signs, k % 8));
    }
  }

  /** Which point the eight numbers are. */
  public static int index(long block, int eight) {
    int high = Memory.u8(block + HIGH + eight / 4) >> (2 * (eight % 4)) & 3;
    return Memory.u8(block + QUANTS + eight) | (high << 8);
  }
}
