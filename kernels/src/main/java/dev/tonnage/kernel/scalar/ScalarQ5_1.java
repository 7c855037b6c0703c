package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: half-precision d and m, then q of five bits as in {@link ScalarQ5_0}; the numbers
 * are d · q + m.
 */
public final class ScalarQ5_1 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 24;

  /** Where m is. */
  public static final int M = 2;

  /** Where the fifth bits are. */
  public static final int HIGH = 4;

  /** Where the nibbles begin. */
  public static final int QUANTS = 8;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int high = (Memory.i32(block + HIGH) >>> (k % 32)) & 1;
      int q = Nibbles.halves(block + QUANTS, k % 32) | (high << 4);
      Memory.f32(out + 4L * k, q * Memory.f16(block) + Memory.f16(block + M));
    }
  }
}
