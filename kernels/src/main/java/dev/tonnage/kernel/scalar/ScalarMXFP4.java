package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * The Open Compute Project's MXFP4 (Microscaling Formats 1.0): blocks of 32 with an 8-bit exponent
 * e and 16 bytes of 4-bit floats (sign, two bits of exponent, one of fraction) as in {@link
 * ScalarQ4_0}; the numbers are 2^(e − 127) · float. Levels are twice the floats and so whole
 * numbers.
 *
 * <p>Unlike in the specification an exponent of 255 is 2^128 like any other, as in llama.cpp.
 */
public final class ScalarMXFP4 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 17;

  /** Where the nibbles begin. */
  public static final int QUANTS = 1;

  private static final byte[] LEVELS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int level = LEVELS[Nibbles.halves(block + QUANTS, k % 32)];
      Memory.f32(out + 4L * k, level * scale(block));
    }
  }

  /** Half of the block's scale, for levels are twice the floats: 2^(e − 128). */
  public static float scale(long block) {
    int e = Memory.u8(block);
    return Float.intBitsToFloat(e < 2 ? 0x20_0000 << e : (e - 1) << 23);
  }

  /** Twice the floats that nibbles 0-15 are. */
  public static byte[] levels() {
    return LEVELS.clone();
  }
}
