package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: 128 bytes with the lower four bits of q, 64 bytes
 * with the upper two, 16 signed 8-bit scales, and a half-precision d; the numbers are d · scale ·
 * (q − 32).
 *
 * <p>Each half of 128 numbers has 64 + 32 bytes: numbers 0-31 and 32-63 are the lower nibbles of
 * the 64, numbers 64-95 and 96-127 their upper nibbles; the 32 bytes give bits 0-1, 2-3, 4-5, 6-7
 * to those four groups.
 */
public final class ScalarQ6_K implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 210;

  /** Where the upper two bits begin. */
  public static final int HIGH = 128;

  /** Where the scales begin. */
  public static final int SCALES = 192;

  /** Where the super-block's scale is. */
  public static final int D = 208;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int half = k % 256 / 128;
      int quarter = k % 128 / 32;
      int l = k % 32;
      int nibbles = Memory.u8(block + half * 64L + quarter % 2 * 32L + l);
      int low = quarter < 2 ? nibbles & 15 : nibbles >> 4;
      int high = Memory.u8(block + HIGH + half * 32L + l);
      int q = low | (((high >> (2 * quarter)) & 3) << 4);
      float scale = Memory.f16(block + D) * Memory.i8(block + SCALES + k % 256 / 16);
      Memory.f32(out + 4L * k, scale * (q - 32));
    }
  }
}
