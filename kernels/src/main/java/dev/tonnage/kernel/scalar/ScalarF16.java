package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Memory;

/** IEEE 754 half precision. */
public final class ScalarF16 implements ScalarFormat, CacheFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      Memory.f32(out + 4L * k, Memory.f16(blocks + 2L * k));
    }
  }

  @Override
  public boolean roundsFactors() {
    return true;
  }

  @Override
  public void encode(long x, int elements, long blocks) {
    for (int k = 0; k < elements; k++) {
      Memory.i16(blocks + 2L * k, Float.floatToFloat16(Memory.f32(x + 4L * k)));
    }
  }
}
