package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: a half-precision d; for each 8 numbers a byte that
 * with three more bits chooses a point of {@link Grid#IQ1_S}; for each sub-block 16 bits: four
 * times those three, a 3-bit scale, and the sign of a shift δ = ±⅛; the numbers are d · (2 · scale
 * + 1) · (coordinate + δ).
 */
public final class ScalarIQ1_S implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 50;

  /** Where the lower eight bits of the points begin. */
  public static final int QUANTS = 2;

  /** Where the sub-blocks' 16 bits begin. */
  public static final int HIGH = 34;

  private static final float SHIFT = 0.125f;

  private static final long[] POINTS = Grid.IQ1_S.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int eight = k % 256 / 8;
      int high = Memory.i16(block + HIGH + eight / 4 * 2L);
      long point = POINTS[index(block, eight, high)];
      float shift = high < 0 ? -SHIFT : SHIFT;
      Memory.f32(out + 4L * k, scale(block, high) * (Grid.coordinate(point, k % 8) + shift));
    }
  }

  /**
   * Which point eight numbers are.
   *
   * @param high the 16 bits of their sub-block
   */
  public static int index(long block, int eight, int high) {
    return Memory.u8(block + QUANTS + eight) | (((high >> (3 * (eight % 4))) & 7) << 8);
  }

  /** A sub-block's scale, from its 16 bits. */
  public static float scale(long block, int high) {
    return Memory.f16(block) * (2 * ((high >> 12) & 7) + 1);
  }
}
