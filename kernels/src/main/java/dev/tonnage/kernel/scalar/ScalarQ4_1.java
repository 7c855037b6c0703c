package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: half-precision d and m, then 16 bytes of nibbles q as in {@link ScalarQ4_0}; the
 * numbers are d · q + m.
 */
public final class ScalarQ4_1 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 20;

  /** Where m is. */
  public static final int M = 2;

  /** Where the nibbles begin. */
  public static final int QUANTS = 4;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int q = Nibbles.halves(block + QUANTS, k % 32);
      Memory.f32(out + 4L * k, q * Memory.f16(block) + Memory.f16(block + M));
    }
  }
}
