package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: half-precision d and dmin, 8 scales and 8 minima of 6
 * bits in 12 bytes, then 128 bytes of nibbles q; the numbers are d · scale · q − dmin · min.
 *
 * <p>Nibbles: 32 bytes hold two sub-blocks, the lower nibbles the first.
 */
public final class ScalarQ4_K implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 144;

  /** Where the packed scales begin. */
  public static final int SCALES = 4;

  /** Where the nibbles begin. */
  public static final int QUANTS = 16;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int sub = k % 256 / 32;
      int q = Nibbles.of(Memory.u8(block + QUANTS + sub / 2 * 32L + k % 32), sub % 2);
      Memory.f32(out + 4L * k, scale(block, sub) * q - min(block, sub));
    }
  }

  /** The scale of a sub-block, d included. */
  static float scale(long block, int sub) {
    return Memory.f16(block) * (int) ((packedScales(block + SCALES) >>> (8 * sub)) & 0xff);
  }

  /** The min of a sub-block, dmin included. */
  static float min(long block, int sub) {
    return Memory.f16(block + 2) * (int) ((packedMinima(block + SCALES) >>> (8 * sub)) & 0xff);
  }

  /**
   * The eight 6-bit scales of a super-block, a byte each, the first lowest. Bytes 0-3 hold the
   * first four and, in their upper two bits, the upper bits of the last four, whose lower four bits
   * are the lower halves of bytes 8-11.
   */
  public static long packedScales(long packed) {
    int first = Memory.i32(packed);
    int low = first & 0x3f3f3f3f;
    int high = (Memory.i32(packed + 8) & 0x0f0f0f0f) | ((first >>> 2) & 0x30303030);
    return low | ((long) high << 32);
  }

  /** The eight 6-bit minima likewise: bytes 4-7, and the upper halves of bytes 8-11. */
  public static long packedMinima(long packed) {
    int second = Memory.i32(packed + 4);
    int low = second & 0x3f3f3f3f;
    int high = ((Memory.i32(packed + 8) >>> 4) & 0x0f0f0f0f) | ((second >>> 2) & 0x30303030);
    return low | ((long) high << 32);
  }
}
