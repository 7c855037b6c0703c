package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/** Blocks of 32: a half-precision scale d, then 32 signed bytes q; the numbers are d · q. */
public final class ScalarQ8_0 implements ScalarFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      long block = blocks + k / 32 * 34L;
      Memory.f32(out + 4L * k, Memory.f16(block) * Memory.i8(block + 2 + k % 32));
    }
  }
}
