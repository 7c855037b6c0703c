package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ2_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ2_K.D;
import static dev.tonnage.kernel.scalar.ScalarQ2_K.DMIN;
import static dev.tonnage.kernel.scalar.ScalarQ2_K.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ2_K}. */
final class VectorQ2_K {

  static final BlockFormat FORMAT =
      Unpacked.shifted(
          Group.OF_16,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> scales(blocks, elements, scratch));

  private VectorQ2_K() {}

  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 128) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int half = s >> Packed.STEPS;
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long to = quants + half * 128L + column;
      IntVector q =
          Packed.wide(from + (half >> 1) * (long) BYTES + QUANTS + (half & 1) * 32L + column);
      Packed.store(Packed.twoBits(q, 0), to);
      Packed.store(Packed.twoBits(q, 2), to + 32);
      Packed.store(Packed.twoBits(q, 4), to + 64);
      Packed.store(Packed.twoBits(q, 6), to + 96);
    }
  }

  private static void scales(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long scales = Unpacked.scales(scratch, elements);
    long minima = Unpacked.minima(scratch, elements);
    for (int b = 0; b < elements / 256; b++) {
      long block = from + b * (long) BYTES;
      IntVector both = Packed.sixteen(block);
      Packed.store(Packed.low(both), scales + 64L * b + 48);
      Packed.store(Packed.high(both), minima + 64L * b + 48);
      Scales.sixteen(scales + 64L * b + 48, Memory.f16(block + D), scales + 64L * b);
      Scales.sixteen(minima + 64L * b + 48, Memory.f16(block + DMIN), minima + 64L * b);
    }
  }
}
