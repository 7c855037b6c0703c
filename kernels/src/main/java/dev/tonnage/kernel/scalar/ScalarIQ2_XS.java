package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: a half-precision d, for each 8 numbers 16 bits (nine
 * choose a point of {@link Grid#IQ2_XS}, seven are {@link Signs}), and 8 bytes with two 4-bit
 * scales each; the numbers are d · (½ + scale) / 4 · ±coordinate.
 */
public final class ScalarIQ2_XS implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 74;

  /** Where the points and signs begin. */
  public static final int QUANTS = 2;

  /** Where the scales begin. */
  public static final int SCALES = 66;

  private static final long[] POINTS = Grid.IQ2_XS.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int quants = Memory.i16(block + QUANTS + k % 256 / 8 * 2L) & 0xffff;
      long point = POINTS[quants & 511];
      int signs = Signs.even(quants >> 9);
      Memory.f32(
          out + 4L * k,
          scale(block, block + SCALES, k % 256 / 16)
              * Grid.coordinate(point, k % 8)
              * Signs.of(signs, k % 8));
    }
  }

  /**
   * The scale of a sub-block.
   *
   * @param scales where the super-block's 4-bit scales begin
   */
  public static float scale(long block, long scales, int sub) {
    int scale = Nibbles.of(Memory.u8(scales + sub / 2), sub % 2);
    return Memory.f16(block) * (0.5f + scale) * 0.25f;
  }
}
