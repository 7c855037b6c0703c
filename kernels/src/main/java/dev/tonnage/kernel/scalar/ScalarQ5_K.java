package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * As {@link ScalarQ4_K}, with 32 bytes between scales and nibbles that hold the fifth bit of q:
 * number k's is bit k / 32 of byte k % 32.
 */
public final class ScalarQ5_K implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 176;

  /** Where the fifth bits begin. */
  public static final int HIGH = 16;

  /** Where the nibbles begin. */
  public static final int QUANTS = 48;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int sub = k % 256 / 32;
      int nibbles = Memory.u8(block + QUANTS + sub / 2 * 32L + k % 32);
      int high = (Memory.u8(block + HIGH + k % 32) >> sub) & 1;
      int q = Nibbles.of(nibbles, sub % 2) | (high << 4);
      Memory.f32(out + 4L * k, ScalarQ4_K.scale(block, sub) * q - ScalarQ4_K.min(block, sub));
    }
  }
}
