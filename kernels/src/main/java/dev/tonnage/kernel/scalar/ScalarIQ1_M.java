package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: for each 8 numbers a byte that with three more bits
 * chooses a point of {@link Grid#IQ1_S}, and a nibble: those three bits, and the sign of a shift δ
 * = ±⅛; then four times 16 bits with four 3-bit scales each and a quarter of a half-precision d;
 * the numbers are d · (2 · scale + 1) · (coordinate + δ).
 */
public final class ScalarIQ1_M implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 56;

  /** Where the nibbles begin. */
  public static final int HIGH = 32;

  /** Where the scales begin. */
  public static final int SCALES = 48;

  private static final float SHIFT = 0.125f;

  private static final long[] POINTS = Grid.IQ1_S.points();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int eight = k % 256 / 8;
      int high = Nibbles.of(Memory.u8(block + HIGH + eight / 2), eight % 2);
      long point = POINTS[Memory.u8(block + eight) | ((high & 7) << 8)];
      float shift = high < 8 ? SHIFT : -SHIFT;
      Memory.f32(
          out + 4L * k,
          scale(block, d(block), k % 256 / 16) * (Grid.coordinate(point, k % 8) + shift));
    }
  }

  /** The super-block's scale, put together from the upper nibbles of the four. */
  public static float d(long block) {
    long all = Memory.i64(block + SCALES);
    long bits =
        ((all >>> 12) & 15)
            | ((all >>> 24) & 0xf0)
            | ((all >>> 36) & 0xf00)
            | ((all >>> 48) & 0xf000);
    return Float.float16ToFloat((short) bits);
  }

  /** A sub-block's scale. */
  public static float scale(long block, float d, int sub) {
    int four = Memory.i16(block + SCALES + sub / 4 * 2L);
    return d * (2 * ((four >> (3 * (sub % 4))) & 7) + 1);
  }
}
