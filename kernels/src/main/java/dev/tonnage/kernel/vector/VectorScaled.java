package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** Numbers whose scales stand elsewhere: decoded one by one, and then multiplied in vectors. */
record VectorScaled(BlockFormat scalar) implements BlockFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    scalar.decode(blocks, elements, out, scratch);
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    scalar.decode(blocks, elements, scratch, 0);
    FloatVector sum = FloatVector.zero(F);
    int k = 0;
    for (; k <= elements - L; k += L) {
      sum = f32(scratch + 4L * k).fma(f32(x + 4L * k), sum);
    }
    float total = Lanes.sum(sum);
    for (; k < elements; k++) {
      total = Math.fma(Memory.f32(scratch + 4L * k), Memory.f32(x + 4L * k), total);
    }
    return total;
  }
}
