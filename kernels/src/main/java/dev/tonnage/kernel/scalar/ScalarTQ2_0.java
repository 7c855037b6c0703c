package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/**
 * Ternary, two bits each: blocks of 256 with 64 bytes of q as in {@link ScalarQ2_K} and a
 * half-precision scale d; the numbers are d · (q − 1).
 */
public final class ScalarTQ2_0 implements ScalarFormat {

  /** Bytes of a block. */
  public static final int BYTES = 66;

  /** Where the scale is. */
  public static final int D = 64;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 256 * (long) BYTES;
      int q = ScalarQ2_K.twoBits(block, k % 256);
      Memory.f32(out + 4L * k, (q - 1) * Memory.f16(block + D));
    }
  }
}
