package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ4_0.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ4_0.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ4_0}. */
final class VectorQ4_0 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorQ4_0() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 32; b++) {
      long block = from + b * (long) BYTES;
      Memory.f32(scale + 4L * b, Memory.f16(block));
      IntVector q = Packed.sixteen(block + QUANTS);
      Packed.storeLess(Packed.low(q), 8, to + 32L * b);
      Packed.storeLess(Packed.high(q), 8, to + 32L * b + 16);
    }
  }
}
