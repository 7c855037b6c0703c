package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ4_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ4_K.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarQ4_K.SCALES;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarQ4_K;
import jdk.incubator.vector.IntVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ4_K}. */
final class VectorQ4_K {

  static final BlockFormat FORMAT =
      Unpacked.shifted(
          Group.OF_32,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> scales(blocks, BYTES, elements, scratch));

  private VectorQ4_K() {}

  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 64) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int pair = s >> Packed.STEPS; // of sub-blocks, in 32 bytes
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long to = quants + pair * 64L + column;
      IntVector q =
          Packed.wide(from + (pair >> 2) * (long) BYTES + QUANTS + (pair & 3) * 32L + column);
      Packed.store(Packed.low(q), to);
      Packed.store(Packed.high(q), to + 32);
    }
  }

  /** Scales and minima, which Q5_K has at the same place of its larger super-blocks. */
  static void scales(long blocks, int blockBytes, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long scales = Unpacked.scales(scratch, elements);
    long minima = Unpacked.minima(scratch, elements);
    for (int b = 0; b < elements / 256; b++) {
      long block = from + b * (long) blockBytes;
      long packed = block + SCALES;
      Scales.eight(ScalarQ4_K.packedScales(packed), Memory.f16(block), scales + 32L * b);
      Scales.eight(ScalarQ4_K.packedMinima(packed), Memory.f16(block + 2), minima + 32L * b);
    }
  }
}
