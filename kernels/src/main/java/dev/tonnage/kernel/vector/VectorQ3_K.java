package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ3_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ3_K.D;
import static dev.tonnage.kernel.scalar.ScalarQ3_K.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarQ3_K.SCALES;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarQ3_K;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ3_K}. */
final class VectorQ3_K {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> scales(blocks, elements, scratch));

  private VectorQ3_K() {}

  /** A flat loop over quarters: 32 numbers have two bits of the same bytes. */
  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 32) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int eighth = s >> Packed.STEPS;
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long block = from + (eighth >> 3) * (long) BYTES;
      IntVector low =
          Packed.twoBits(
              Packed.wide(block + QUANTS + ((eighth >> 2) & 1) * 32L + column), 2 * (eighth & 3));
      IntVector high = Packed.bit(Packed.wide(block + column), eighth & 7);
      IntVector q = low.or(high.lanewise(VectorOperators.LSHL, 2));
      Packed.storeLess(q, 4, quants + eighth * 32L + column);
    }
  }

  private static void scales(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long scales = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 256; b++) {
      long block = from + b * (long) BYTES;
      float d = Memory.f16(block + D);
      Scales.eight(ScalarQ3_K.lowerScales(block + SCALES), d, scales + 64L * b);
      Scales.eight(ScalarQ3_K.upperScales(block + SCALES), d, scales + 64L * b + 32);
    }
  }
}
