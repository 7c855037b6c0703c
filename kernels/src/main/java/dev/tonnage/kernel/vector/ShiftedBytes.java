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

/** The loops over a row that was unpacked to bytes, scales and minima. */
final class ShiftedBytes {

  private ShiftedBytes() {}

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
    long minima = Unpacked.minima(scratch, elements);
    long to = Memory.plain(out);
    for (int k = 0; k < elements; k += L) {
      long group = (k >> shift) * 4L;
      floats(i8(quants + k))
          .mul(broadcast(scales + group))
          .sub(broadcast(minima + group))
          .intoMemorySegment(Memory.ALL, to + 4L * k, ORDER);
    }
  }

  /** Two vectors at a time that have one scale and one min. */
  private static void dotPairs(int shift, int elements, long x, long scratch) {
    long quants = Unpacked.quants(scratch);
    long scales = Unpacked.scales(scratch, elements);
    long minima = Unpacked.minima(scratch, elements);
    long at = Memory.plain(x);
    FloatVector sum = FloatVector.zero(F);
    FloatVector less = FloatVector.zero(F);
    for (int k = 0; k < elements; k += 2 * L) {
      long group = (k >> shift) * 4L;
      FloatVector x0 = f32(at + 4L * k);
      FloatVector x1 = f32(at + 4L * k + 4L * L);
      FloatVector products = floats(i8(quants + k)).mul(x0);
      products = floats(i8(quants + k + L)).fma(x1, products);
      sum = products.fma(broadcast(scales + group), sum);
      less = x0.add(x1).fma(broadcast(minima + group), less);
    }
    Memory.f32(Unpacked.result(scratch, elements), Lanes.sum(sum.sub(less)));
  }

  /** One vector at a time. */
  private static void dotSingles(int shift, int elements, long x, long scratch) {
    long quants = Unpacked.quants(scratch);
    long scales = Unpacked.scales(scratch, elements);
    long minima = Unpacked.minima(scratch, elements);
    long at = Memory.plain(x);
    FloatVector sum = FloatVector.zero(F);
    FloatVector less = FloatVector.zero(F);
    for (int k = 0; k < elements; k += L) {
      long group = (k >> shift) * 4L;
      FloatVector x0 = f32(at + 4L * k);
      sum = floats(i8(quants + k)).mul(x0).fma(broadcast(scales + group), sum);
      less = x0.fma(broadcast(minima + group), less);
    }
    Memory.f32(Unpacked.result(scratch, elements), Lanes.sum(sum.sub(less)));
  }
}
