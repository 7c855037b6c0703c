package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/** Brain float: the upper half of a single-precision number. */
public final class ScalarBF16 implements ScalarFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      Memory.f32(out + 4L * k, Float.intBitsToFloat(Memory.i16(blocks + 2L * k) << 16));
    }
  }
}
