package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ5_0.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ5_0.HIGH;
import static dev.tonnage.kernel.scalar.ScalarQ5_0.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ5_0}. */
final class VectorQ5_0 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorQ5_0() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 32; b++) {
      long block = from + b * (long) BYTES;
      Memory.f32(scale + 4L * b, Memory.f16(block));
      FifthBits.storeLess16(Memory.i32(block + HIGH), block + QUANTS, to + 32L * b);
    }
  }
}
