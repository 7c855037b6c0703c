package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: a half-precision scale d, then 16 bytes of nibbles as in {@link ScalarQ4_0}, which
 * choose among 16 levels that lie closer around zero; the numbers are d · level.
 */
public final class ScalarIQ4_NL implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 18;

  /** Where the nibbles begin. */
  public static final int QUANTS = 2;

  private static final byte[] LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int level = LEVELS[Nibbles.halves(block + QUANTS, k % 32)];
      Memory.f32(out + 4L * k, Memory.f16(block) * level);
    }
  }

  /** The levels that nibbles 0-15 choose. */
  public static byte[] levels() {
    return LEVELS.clone();
  }
}
