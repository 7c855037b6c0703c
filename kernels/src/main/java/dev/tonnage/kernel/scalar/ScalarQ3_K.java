package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: 32 bytes with the third bit of q (number k's is bit k
 * / 32 of byte k % 32), 64 bytes with the lower two as in {@link ScalarQ2_K}, 16 scales of 6 bits
 * in 12 bytes, and a half-precision d; the numbers are d · (scale − 32) · (q − 4).
 */
public final class ScalarQ3_K implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 110;

  /** Where the lower two bits begin. */
  public static final int QUANTS = 32;

  /** Where the packed scales begin. */
  public static final int SCALES = 96;

  /** Where the super-block's scale is. */
  public static final int D = 108;

  private static final long NIBBLES = 0x0f0f_0f0f_0f0f_0f0fL;
  private static final long TWO_BITS = 0x0303_0303_0303_0303L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int sub = k % 256 / 16;
      long scales = sub < 8 ? lowerScales(block + SCALES) : upperScales(block + SCALES);
      int scale = (byte) (scales >>> (8 * (sub % 8)));
      int high = (Memory.u8(block + k % 32) >> (k % 256 / 32)) & 1;
      int q = ScalarQ2_K.twoBits(block + QUANTS, k % 256) | (high << 2);
      Memory.f32(out + 4L * k, Memory.f16(block + D) * scale * (q - 4));
    }
  }

  /**
   * Scales 0-7 less 32, a signed byte each, the first lowest: the lower nibbles of bytes 0-7, and
   * two more bits from bytes 8-11, whose bits 0-1 belong to scales 0-3, bits 2-3 to scales 4-7, and
   * so on.
   */
  public static long lowerScales(long packed) {
    return scales(Memory.i64(packed), Memory.i32(packed + 8) & 0xffff_ffffL);
  }

  /** Scales 8-15 likewise: the upper nibbles of bytes 0-7. */
  public static long upperScales(long packed) {
    return scales(Memory.i64(packed) >>> 4, (Memory.i32(packed + 8) & 0xffff_ffffL) >>> 4);
  }

  private static long scales(long low, long high) {
    long spread = (high | (high << 30)) & TWO_BITS;
    long biased = (low & NIBBLES) | (spread << 4);
    return ((biased | TOPS) - 0x2020_2020_2020_2020L) ^ TOPS;
  }
}
