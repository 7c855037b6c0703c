package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: a half-precision d, then for each sub-block four bytes
 * that choose points of {@link Grid#IQ2_XXS}, and 32 bits: four times seven {@link Signs}, and a
 * 4-bit scale; the numbers are d · (½ + scale) / 4 · ±coordinate.
 */
public final class ScalarIQ2_XXS implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 66;

  /** Where the first sub-block begins. */
  public static final int SUBS = 2;

  private static final long[] POINTS = Grid.IQ2_XXS.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      long sub = block + SUBS + k % 256 / 32 * 8L;
      int eight = k % 32 / 8;
      int packed = Memory.i32(sub + 4);
      long point = POINTS[Memory.u8(sub + eight)];
      int signs = Signs.even((packed >>> (7 * eight)) & 127);
      Memory.f32(
          out + 4L * k,
          scale(block, packed) * Grid.coordinate(point, k % 8) * Signs.of(signs, k % 8));
    }
  }

  /** A sub-block's scale, from the 32 bits that hold it. */
  public static float scale(long block, int packed) {
    return Memory.f16(block) * (0.5f + (packed >>> 28)) * 0.25f;
  }
}
