package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;

import dev.tonnage.kernel.PeakLoop;
import jdk.incubator.vector.FloatVector;

/**
 * Fused multiply-adds of 32-bit floats: twelve sums, where two units with four cycles need eight.
 */
final class VectorPeak implements PeakLoop {

  private static final int SUMS = 12;

  @Override
  public int roundMultiplyAdds() {
    return SUMS * L;
  }

  @Override
  public float run(int rounds) {
    FloatVector a = FloatVector.broadcast(F, 0.999f);
    FloatVector b = FloatVector.broadcast(F, 0.001f);
    FloatVector s0 = b;
    FloatVector s1 = b;
    FloatVector s2 = b;
    FloatVector s3 = b;
    FloatVector s4 = b;
    FloatVector s5 = b;
    FloatVector s6 = b;
    FloatVector s7 = b;
    FloatVector s8 = b;
    FloatVector s9 = b;
    FloatVector s10 = b;
    FloatVector s11 = b;
    for (int round = 0; round < rounds; round++) {
      s0 = s0.fma(a, b);
      s1 = s1.fma(a, b);
      s2 = s2.fma(a, b);
      s3 = s3.fma(a, b);
      s4 = s4.fma(a, b);
      s5 = s5.fma(a, b);
      s6 = s6.fma(a, b);
      s7 = s7.fma(a, b);
      s8 = s8.fma(a, b);
      s9 = s9.fma(a, b);
      s10 = s10.fma(a, b);
      s11 = s11.fma(a, b);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return low.add(high).lane(0);
  }
}
