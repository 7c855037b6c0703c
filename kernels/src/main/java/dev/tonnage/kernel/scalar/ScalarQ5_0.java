package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: a half-precision scale d, 32 fifth bits (number k's is bit k), and 16 bytes with
 * the lower four bits as in {@link ScalarQ4_0}; the numbers are d · (q − 16).
 */
public final class ScalarQ5_0 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 22;

  /** Where the fifth bits are. */
  public static final int HIGH = 2;

  /** Where the nibbles begin. */
  public static final int QUANTS = 6;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int high = (Memory.i32(block + HIGH) >>> (k % 32)) & 1;
      int q = Nibbles.halves(block + QUANTS, k % 32) | (high << 4);
      Memory.f32(out + 4L * k, (q - 16) * Memory.f16(block));
    }
  }
}
