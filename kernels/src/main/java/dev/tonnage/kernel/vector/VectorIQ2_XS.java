package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ2_XS.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ2_XS.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarIQ2_XS.SCALES;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XS;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ2_XS}. */
final class VectorIQ2_XS {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final long[] POINTS = Grid.IQ2_XS.points();

  private VectorIQ2_XS() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 16; s++) {
      long block = from + (s >> 4) * (long) BYTES;
      int pair = Memory.i32(block + QUANTS + (s & 15) * 4L);
      Memory.f32(scale + 4L * s, ScalarIQ2_XS.scale(block, block + SCALES, s & 15));
      Memory.i64(to + 16L * s, weights(pair));
      Memory.i64(to + 16L * s + 8, weights(pair >>> 16));
    }
  }

  private static long weights(int quants) {
    return Spread.negated(POINTS[quants & 511], Spread.even(quants >>> 9));
  }
}
