package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 16 sub-blocks of 16: 16 bytes with a 4-bit scale (lower nibble) and a
 * 4-bit min, 64 bytes of two-bit q, half-precision d and dmin; the numbers are d · scale · q − dmin
 * · min.
 *
 * <p>Each half of 128 numbers has 32 bytes, of which bits 0-1 are numbers 0-31, bits 2-3 the next
 * 32 and so on.
 */
public final class ScalarQ2_K implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 84;

  /** Where the two-bit numbers begin. */
  public static final int QUANTS = 16;

  /** Where the super-block's scale is. */
  public static final int D = 80;

  /** Where the scale of the minima is. */
  public static final int DMIN = 82;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int both = Memory.u8(block + k % 256 / 16);
      float scale = Memory.f16(block + D) * (both & 15);
      float min = Memory.f16(block + DMIN) * (both >> 4);
      Memory.f32(out + 4L * k, scale * twoBits(block + QUANTS, k % 256) - min);
    }
  }

  /** Number k of 256 in 64 bytes. */
  static int twoBits(long bytes, int k) {
    return (Memory.u8(bytes + k / 128 * 32L + k % 32) >> (k % 128 / 32 * 2)) & 3;
  }
}
