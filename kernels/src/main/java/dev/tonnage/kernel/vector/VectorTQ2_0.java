package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarTQ2_0.BYTES;
import static dev.tonnage.kernel.scalar.ScalarTQ2_0.D;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarTQ2_0}. */
final class VectorTQ2_0 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> Scales.same(blocks + D, BYTES, elements, scratch));

  private VectorTQ2_0() {}

  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 128) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int half = s >> Packed.STEPS;
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long to = quants + half * 128L + column;
      IntVector q = Packed.wide(from + (half >> 1) * (long) BYTES + (half & 1) * 32L + column);
      Packed.storeLess(Packed.twoBits(q, 0), 1, to);
      Packed.storeLess(Packed.twoBits(q, 2), 1, to + 32);
      Packed.storeLess(Packed.twoBits(q, 4), 1, to + 64);
      Packed.storeLess(Packed.twoBits(q, 6), 1, to + 96);
    }
  }
}
