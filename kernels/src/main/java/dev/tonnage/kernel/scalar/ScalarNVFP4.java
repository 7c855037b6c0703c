package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * NVIDIA's NVFP4 as GGUF stores it: blocks of 64 in four sub-blocks of 16, first their scales as
 * unsigned 8-bit floats (four bits of exponent, three of fraction), then for each 8 bytes of the
 * 4-bit floats of {@link ScalarMXFP4}, the lower nibbles first.
 */
public final class ScalarNVFP4 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 36;

  /** Where the nibbles begin. */
  public static final int QUANTS = 4;

  private static final byte[] LEVELS = ScalarMXFP4.levels();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 64 * (long) BYTES;
      int sub = k % 64 / 16;
      int byteAt = QUANTS + 8 * sub + k % 8;
      int level = LEVELS[Nibbles.of(Memory.u8(block + byteAt), k % 16 / 8)];
      Memory.f32(out + 4L * k, level * scale(block, sub));
    }
  }

  /** Half of a sub-block's scale, for levels are twice the floats; 0 for what is no number. */
  public static float scale(long block, int sub) {
    int bits = Memory.u8(block + sub);
    int exponent = (bits >> 3) & 15;
    int fraction = bits & 7;
    if (bits == 0x7f) {
      return 0;
    }
    return exponent == 0
        ? Math.scalb((float) fraction, -10)
        : Math.scalb((float) (8 + fraction), exponent - 11);
  }
}
