package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: a half-precision d, for each 4 numbers a byte that
 * chooses a point of {@link Grid#IQ3_XXS}, then for each sub-block 32 bits with signs and scale as
 * in {@link ScalarIQ2_XXS}; the numbers are d · (½ + scale) / 2 · ±coordinate.
 */
public final class ScalarIQ3_XXS implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 98;

  /** Where the points begin. */
  public static final int QUANTS = 2;

  /** Where signs and scales begin. */
  public static final int SIGNS = 66;

  private static final long[] POINTS = Grid.IQ3_XXS.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int packed = Memory.i32(block + SIGNS + k % 256 / 32 * 4L);
      long point = POINTS[Memory.u8(block + QUANTS + k % 256 / 4)];
      int signs = Signs.even((packed >>> (7 * (k % 32 / 8))) & 127);
      Memory.f32(
          out + 4L * k,
          scale(block, packed) * Grid.coordinate(point, k % 4) * Signs.of(signs, k % 8));
    }
  }

  /** A sub-block's scale, from the 32 bits that hold it. */
  public static float scale(long block, int packed) {
    return Memory.f16(block) * (0.5f + (packed >>> 28)) * 0.5f;
  }
}
