package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.broadcast;
import static dev.tonnage.kernel.vector.Lanes.f32;
import static dev.tonnage.kernel.vector.Lanes.floats;
import static dev.tonnage.kernel.vector.Lanes.i8;

import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** The loops over a row that was unpacked to bytes and scales. */
final class ScaledBytes {

  private ScaledBytes() {}

  static Pass decode(Group group) {
    int shift = group.shift();
    return (_, elements, out, scratch) -> decode(shift, elements, out, scratch);
  }

  static Pass dot(Group group) {
    int shift = group.shift();
    return Unpacked.pairs(group)
        ? (_, elements, x, scratch) -> dotPairs(shift, elements, x, scratch)
        : (_, elements, x, scratch) -> dotSingles(shift, elements, x, scratch);
  }

  private static void decode(int shift, int elements, long out, long scratch) {
    long quants = Unpacked.quants(scratch);
    long scales = Unpacked.scales(scratch, elements);
    long to = Memory.plain(out);
    for (int k = 0; k < elements; k += L) {
      floats(i8(quants + k))
          .mul(broadcast(scales + (k >> shift) * 4L))
          .intoMemorySegment(Memory.ALL, to + 4L * k, ORDER);
    }
  }

  /** Two vectors at a time that have one scale. */
  private static void dotPairs(int shift, int elements, long x, long scratch) {
    long quants = Unpacked.quants(scratch);
    long scales = Unpacked.scales(scratch, elements);
    long at = Memory.plain(x);
    FloatVector sum = FloatVector.zero(F);
    for (int k = 0; k < elements; k += 2 * L) {
      FloatVector products = floats(i8(quants + k)).mul(f32(at + 4L * k));
      products = floats(i8(quants + k + L)).fma(f32(at + 4L * k + 4L * L), products);
      sum = products.fma(broadcast(scales + (k >> shift) * 4L), sum);
    }
    Memory.f32(Unpacked.result(scratch, elements), Lanes.sum(sum.add(0)));
  }

  /** Two vectors at a time that have a scale each. */
  private static void dotSingles(int shift, int elements, long x, long scratch) {
    long quants = Unpacked.quants(scratch);
    long scales = Unpacked.scales(scratch, elements);
    long at = Memory.plain(x);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    for (int k = 0; k < elements; k += 2 * L) {
      long scale = scales + (k >> shift) * 4L;
      s0 = floats(i8(quants + k)).mul(f32(at + 4L * k)).fma(broadcast(scale), s0);
      s1 =
          floats(i8(quants + k + L))
              .mul(f32(at + 4L * k + 4L * L))
              .fma(broadcast(scale + (L >> shift) * 4L), s1);
    }
    Memory.f32(Unpacked.result(scratch, elements), Lanes.sum(s0.add(s1)));
  }
}
