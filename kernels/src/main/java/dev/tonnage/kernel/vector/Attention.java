package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.broadcast;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** The parts of attention for one query head. */
final class Attention {

  private Attention() {}

  static void scores(long query, long keys, int padded, int tokens, long scores) {
    for (int t = 0; t < tokens; t++) {
      long key = keys + 4L * t * padded;
      FloatVector sum = FloatVector.zero(F);
      for (int k = 0; k < padded; k += L) {
        sum = f32(query + 4L * k).fma(f32(key + 4L * k), sum);
      }
      Memory.f32(scores + 4L * t, Lanes.sum(sum.add(0)));
    }
  }

  static void softmax(long scores, int tokens) {
    for (int t = tokens; t % L != 0; t++) {
      Memory.f32(scores + 4L * t, Float.NEGATIVE_INFINITY);
    }
    float greatest = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < tokens; t++) {
      greatest = Math.max(greatest, Memory.f32(scores + 4L * t));
    }
    FloatVector sums = FloatVector.zero(F);
    for (int t = 0; t < tokens; t += L) {
      FloatVector weights = Exponential.exp(f32(scores + 4L * t).sub(greatest));
      weights.intoMemorySegment(Memory.ALL, scores + 4L * t, ORDER);
      sums = sums.add(weights);
    }
    float sum = Lanes.sum(sums.add(0));
    for (int t = 0; t < tokens; t += L) {
      f32(scores + 4L * t).div(sum).intoMemorySegment(Memory.ALL, scores + 4L * t, ORDER);
    }
  }

  static void mix(long weights, long values, int padded, int tokens, long mixed) {
    for (int k = 0; k < padded; k += L) {
      FloatVector sum = f32(mixed + 4L * k);
      for (int t = 0; t < tokens; t++) {
        sum = f32(values + 4L * ((long) t * padded + k)).fma(broadcast(weights + 4L * t), sum);
      }
      sum.intoMemorySegment(Memory.ALL, mixed + 4L * k, ORDER);
    }
  }
}
