package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Memory;

/** IEEE 754 single precision, as it is. */
public final class ScalarF32 implements ScalarFormat, CacheFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    for (int k = 0; k < elements; k++) {
      Memory.f32(out + 4L * k, Memory.f32(blocks + 4L * k));
    }
  }

  @Override
  public boolean roundsFactors() {
    return false;
  }

  @Override
  public void encode(long x, int elements, long blocks) {
    decode(x, elements, blocks, 0);
  }
}
