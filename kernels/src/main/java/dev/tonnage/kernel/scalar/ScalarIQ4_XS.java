package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Super-blocks of 256 in 8 sub-blocks of 32: a half-precision d, 8 scales of 6 bits (their upper
 * two bits in 16 bits, their lower four in four bytes), then for each sub-block 16 bytes of nibbles
 * as in {@link ScalarIQ4_NL}; the numbers are d · (scale − 32) · level.
 */
public final class ScalarIQ4_XS implements ScalarFormat {

  /** Bytes of a super-block. */
  public static final int BYTES = 136;

  /** Where the nibbles begin. */
  public static final int QUANTS = 8;

  private static final byte[] LEVELS = ScalarIQ4_NL.levels();

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int sub = k % 256 / 32;
      int level = LEVELS[Nibbles.halves(block + QUANTS + 16L * sub, k % 32)];
      Memory.f32(out + 4L * k, Memory.f16(block) * scale(block, sub) * level);
    }
  }

  /** A sub-block's scale, −32 to 31. */
  public static int scale(long block, int sub) {
    int high = (Memory.i16(block + 2) >> (2 * sub)) & 3;
    int low = Nibbles.of(Memory.u8(block + 4 + sub / 2), sub % 2);
    return (low | (high << 4)) - 32;
  }
}
