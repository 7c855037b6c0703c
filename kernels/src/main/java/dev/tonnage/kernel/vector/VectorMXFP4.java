package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarMXFP4.BYTES;
import static dev.tonnage.kernel.scalar.ScalarMXFP4.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarMXFP4;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarMXFP4}. */
final class VectorMXFP4 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final NibbleLevels LEVELS = new NibbleLevels(ScalarMXFP4.levels());

  private VectorMXFP4() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 32; b++) {
      long block = from + b * (long) BYTES;
      Memory.f32(scale + 4L * b, ScalarMXFP4.scale(block));
      LEVELS.store(block + QUANTS, to + 32L * b);
    }
  }
}
