package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ4_XS.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ4_XS.QUANTS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarIQ4_XS;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ4_XS}. */
final class VectorIQ4_XS {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorIQ4_XS() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      long block = from + (s >> 3) * (long) BYTES;
      Memory.f32(scale + 4L * s, Memory.f16(block) * ScalarIQ4_XS.scale(block, s & 7));
      VectorIQ4_NL.LEVELS.store(block + QUANTS + (s & 7) * 16L, to + 32L * s);
    }
  }
}
