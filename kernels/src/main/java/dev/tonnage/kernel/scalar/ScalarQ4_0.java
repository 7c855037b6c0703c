package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: a half-precision scale d, then 16 bytes of nibbles q, of which the lower are
 * numbers 0-15 and the upper 16-31; the numbers are d · (q − 8). Encoding makes the number of the
 * largest magnitude −8, so that d has its sign reversed.
 */
public final class ScalarQ4_0 implements ScalarFormat, CacheFormat {

  /** Bytes of a block. */
  public static final int BYTES = 18;

  /** Where the nibbles begin. */
  public static final int QUANTS = 2;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * (long) BYTES;
      int q = Nibbles.halves(block + QUANTS, k % 32);
      Memory.f32(out + 4L * k, (q - 8) * Memory.f16(block));
    }
  }

  @Override
  public boolean roundsFactors() {
    return false;
  }

  @Override
  public void encode(long x, int elements, long blocks) {
    for (int b = 0; b < elements / 32; b++) {
      long from = x + 128L * b;
      long block = blocks + (long) BYTES * b;
      float d = largest(from) / -8;
      float inverse = d == 0 ? 0 : 1 / d;
      Memory.i16(block, Float.floatToFloat16(d));
      for (int k = 0; k < 16; k++) {
        int low = nearest(Memory.f32(from + 4L * k) * inverse);
        int high = nearest(Memory.f32(from + 4L * (k + 16)) * inverse);
        Memory.i8(block + QUANTS + k, (byte) (low | (high << 4)));
      }
    }
  }

  /** The number of the largest magnitude, the first of equals; NaN where there is one. */
  private static float largest(long numbers) {
    float largest = 0;
    for (int k = 0; k < 32; k++) {
      float number = Memory.f32(numbers + 4L * k);
      if (!(Math.abs(number) <= Math.abs(largest)) && !Float.isNaN(largest)) {
        largest = number;
      }
    }
    return largest;
  }

  private static int nearest(float scaled) {
    return Math.clamp((int) (scaled + 8.5f), 0, 15);
  }
}
