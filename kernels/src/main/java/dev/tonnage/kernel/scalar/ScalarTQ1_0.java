package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Ternary, five digits a byte: blocks of 256 with 52 bytes of q and a half-precision scale d; the
 * numbers are d · (q − 1).
 *
 * <p>A byte is its digits as a fraction of 256, rounded up, the first digit the most significant.
 * Number k's byte is, for the first 160, k % 32 with digit k / 32; for the next 80, 32 + k % 16
 * with digit (k − 160) / 16; for the last 16, 48 + k % 4 with digit (k − 240) / 4.
 */
public final class ScalarTQ1_0 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 54;

  /** Where the scale is. */
  public static final int D = 52;

  private static final int[] POWERS = {1, 3, 9, 27, 81};

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      Memory.f32(out + 4L * k, (digit(block, k % 256) - 1) * Memory.f16(block + D));
    }
  }

  /** Number k of a block, 0 to 2. */
  public static int digit(long block, int k) {
    if (k < 160) {
      return digitOf(Memory.u8(block + k % 32), k / 32);
    }
    return k < 240
        ? digitOf(Memory.u8(block + 32 + k % 16), (k - 160) / 16)
        : digitOf(Memory.u8(block + 48 + k % 4), (k - 240) / 4);
  }

  private static int digitOf(int value, int digit) {
    return (((value * power(digit)) & 0xff) * 3) >> 8;
  }

  /** What brings a digit of a byte to the front: 3 to the power of it. */
  public static int power(int digit) {
    return POWERS[digit];
  }
}
