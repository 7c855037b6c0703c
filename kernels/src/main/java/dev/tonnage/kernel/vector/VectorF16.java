package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.f16;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarF16}. */
final class VectorF16 implements BlockFormat {

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    Lanes.touch(blocks);
    int k = 0;
    for (; k <= elements - L; k += L) {
      f16(blocks + 2L * k).intoMemorySegment(Memory.ALL, out + 4L * k, ORDER);
    }
    for (; k < elements; k++) {
      Memory.f32(out + 4L * k, Memory.f16(blocks + 2L * k));
    }
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    Lanes.touch(blocks);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    int k = 0;
    for (; k <= elements - 2 * L; k += 2 * L) { // two sums hide the latency of the FMA
      s0 = f16(blocks + 2L * k).fma(f32(x + 4L * k), s0);
      s1 = f16(blocks + 2L * k + 2L * L).fma(f32(x + 4L * k + 4L * L), s1);
    }
    float sum = Lanes.sum(s0.add(s1));
    for (; k < elements; k++) {
      sum = Math.fma(Memory.f16(blocks + 2L * k), Memory.f32(x + 4L * k), sum);
    }
    return sum;
  }
}
