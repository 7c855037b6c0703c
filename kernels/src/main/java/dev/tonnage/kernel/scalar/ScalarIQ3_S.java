package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: a half-precision d; for each 4 numbers a byte that
 * with one more bit chooses a point of {@link Grid#IQ3_S}; 8 bytes with those further bits; for
 * each 8 numbers a byte of {@link Signs}; four bytes with two 4-bit scales each; the numbers are d
 * · (1 + 2 · scale) · ±coordinate.
 */
public final class ScalarIQ3_S implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 110;

  /** Where the lower eight bits of the points begin. */
  public static final int QUANTS = 2;

  /** Where the ninth bits of the points begin. */
  public static final int HIGH = 66;

  /** Where the signs begin. */
  public static final int SIGNS = 74;

  /** Where the scales begin. */
  public static final int SCALES = 106;

  private static final long[] POINTS = Grid.IQ3_S.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int four = k % 256 / 4;
      int high = (Memory.u8(block + HIGH + four / 8) >> (four % 8)) & 1;
      long point = POINTS[Memory.u8(block + QUANTS + four) | (high << 8)];
      int signs = Memory.u8(block + SIGNS + k % 256 / 8);
      Memory.f32(
          out + 4L * k,
          scale(block, k % 256 / 32) * Grid.coordinate(point, k % 4) * Signs.of(signs, k % 8));
    }
  }

  /** A sub-block's scale. */
  public static float scale(long block, int sub) {
    return Memory.f16(block) * (1 + 2 * Nibbles.of(Memory.u8(block + SCALES + sub / 2), sub % 2));
  }
}
