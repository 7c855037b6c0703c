package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ2_S.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ2_S.SCALES;
import static dev.tonnage.kernel.scalar.ScalarIQ2_S.SIGNS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_S;
import dev.tonnage.kernel.scalar.ScalarIQ2_XS;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ2_S}. */
final class VectorIQ2_S {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final long[] POINTS = Grid.IQ2_S.points();

  private VectorIQ2_S() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 16; s++) {
      long block = from + (s >> 4) * (long) BYTES;
      Memory.f32(scale + 4L * s, ScalarIQ2_XS.scale(block, block + SCALES, s & 15));
      Memory.i64(to + 16L * s, weights(block, 2 * (s & 15)));
      Memory.i64(to + 16L * s + 8, weights(block, 2 * (s & 15) + 1));
    }
  }

  private static long weights(long block, int eight) {
    long point = POINTS[ScalarIQ2_S.index(block, eight) & 1023];
    return Spread.negated(point, Spread.bytes(Memory.u8(block + SIGNS + eight)));
  }
}
