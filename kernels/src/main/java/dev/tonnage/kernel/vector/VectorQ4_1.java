package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ4_1.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ4_1.M;
import static dev.tonnage.kernel.scalar.ScalarQ4_1.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ4_1}. */
final class VectorQ4_1 {

  static final BlockFormat FORMAT =
      Unpacked.shifted(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorQ4_1() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    long min = Unpacked.minima(scratch, elements);
    for (int b = 0; b < elements / 32; b++) {
      long block = from + b * (long) BYTES;
      Memory.f32(scale + 4L * b, Memory.f16(block));
      Memory.f32(min + 4L * b, -Memory.f16(block + M));
      IntVector q = Packed.sixteen(block + QUANTS);
      Packed.store(Packed.low(q), to + 32L * b);
      Packed.store(Packed.high(q), to + 32L * b + 16);
    }
  }
}
