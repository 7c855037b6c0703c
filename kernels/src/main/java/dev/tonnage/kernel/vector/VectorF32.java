package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarF32}. */
final class VectorF32 implements BlockFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    Memory.copy(blocks, out, 4L * elements);
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    Lanes.touch(blocks);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    int k = 0;
    for (; k <= elements - 2 * L; k += 2 * L) { // two sums hide the latency of the FMA
      s0 = f32(blocks + 4L * k).fma(f32(x + 4L * k), s0);
      s1 = f32(blocks + 4L * k + 4L * L).fma(f32(x + 4L * k + 4L * L), s1);
    }
    float sum = Lanes.sum(s0.add(s1));
    for (; k < elements; k++) {
      sum = Math.fma(Memory.f32(blocks + 4L * k), Memory.f32(x + 4L * k), sum);
    }
    return sum;
  }
}
