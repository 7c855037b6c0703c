package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ5_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ5_K.HIGH;
import static dev.tonnage.kernel.scalar.ScalarQ5_K.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ5_K}. */
final class VectorQ5_K {

  static final BlockFormat FORMAT =
      Unpacked.shifted(
          Group.OF_32,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> VectorQ4_K.scales(blocks, BYTES, elements, scratch));

  private VectorQ5_K() {}

  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 64) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int pair = s >> Packed.STEPS; // of sub-blocks, in 32 bytes
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long block = from + (pair >> 2) * (long) BYTES;
      long to = quants + pair * 64L + column;
      IntVector q = Packed.wide(block + QUANTS + (pair & 3) * 32L + column);
      IntVector high = Packed.wide(block + HIGH + column);
      Packed.store(Packed.low(q).or(fifth(high, 2 * (pair & 3))), to);
      Packed.store(Packed.high(q).or(fifth(high, 2 * (pair & 3) + 1)), to + 32);
    }
  }

  private static IntVector fifth(IntVector high, int sub) {
    return Packed.bit(high, sub).lanewise(VectorOperators.LSHL, 4);
  }
}
