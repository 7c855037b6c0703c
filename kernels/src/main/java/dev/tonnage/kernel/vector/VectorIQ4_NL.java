package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ4_NL.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ4_NL.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarIQ4_NL;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ4_NL}. */
final class VectorIQ4_NL {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  /** Also of IQ4_XS. */
  static final NibbleLevels LEVELS = new NibbleLevels(ScalarIQ4_NL.levels());

  private VectorIQ4_NL() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 32; b++) {
      long block = from + b * (long) BYTES;
      Memory.f32(scale + 4L * b, Memory.f16(block));
      LEVELS.store(block + QUANTS, to + 32L * b);
    }
  }
}
