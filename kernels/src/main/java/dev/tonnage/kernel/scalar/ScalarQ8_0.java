package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Memory;

/**
 * Blocks of 32: a half-precision scale d, then 32 signed bytes q; the numbers are d · q. Encoding
 * makes the largest magnitude ±127 and rounds halves away from zero.
 */
public final class ScalarQ8_0 implements ScalarFormat, CacheFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * 34L;
      Memory.f32(out + 4L * k, Memory.f16(block) * Memory.i8(block + 2 + k % 32));
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
      long block = blocks + 34L * b;
      float largest = 0;
      for (int k = 0; k < 32; k++) {
        largest = Math.max(largest, Math.abs(Memory.f32(from + 4L * k)));
      }
      float d = largest / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      Memory.i16(block, Float.floatToFloat16(d));
      for (int k = 0; k < 32; k++) {
        float scaled = Memory.f32(from + 4L * k) * inverse;
        Memory.i8(block + 2 + k, (byte) (scaled + Math.copySign(0.5f, scaled)));
      }
    }
  }
}
