package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarNVFP4.BYTES;
import static dev.tonnage.kernel.scalar.ScalarNVFP4.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarMXFP4;
import dev.tonnage.kernel.scalar.ScalarNVFP4;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarNVFP4}. A sub-block is eight bytes. */
final class VectorNVFP4 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final NibbleLevels LEVELS = new NibbleLevels(ScalarMXFP4.levels());

  /** Lower nibbles first, then upper ones. */
  private static final LongVector SHIFTS =
      LongVector.fromArray(LongVector.SPECIES_128, new long[] {0, 4}, 0);

  private VectorNVFP4() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 16; s++) {
      long block = from + (s >> 2) * (long) BYTES;
      Memory.f32(scale + 4L * s, ScalarNVFP4.scale(block, s & 3));
      LongVector nibbles =
          LongVector.broadcast(LongVector.SPECIES_128, Memory.i64(block + QUANTS + (s & 3) * 8L));
      IntVector apart = nibbles.lanewise(VectorOperators.LSHR, SHIFTS).reinterpretAsInts();
      Packed.store(LEVELS.of(Packed.low(apart)), to + 16L * s);
    }
  }
}
