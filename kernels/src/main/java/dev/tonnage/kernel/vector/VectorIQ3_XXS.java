package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ3_XXS.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ3_XXS.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarIQ3_XXS.SIGNS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_XXS;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ3_XXS}. */
final class VectorIQ3_XXS {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final long[] POINTS = Grid.IQ3_XXS.points();

  private VectorIQ3_XXS() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      long block = from + (s >> 3) * (long) BYTES;
      int packed = Memory.i32(block + SIGNS + (s & 7) * 4L);
      Memory.f32(scale + 4L * s, ScalarIQ3_XXS.scale(block, packed));
      long chosen = Memory.i64(block + QUANTS + (s & 7) * 8L);
      long eight = to + 32L * s;
      Memory.i64(eight, weights((int) chosen, packed));
      Memory.i64(eight + 8, weights((int) (chosen >>> 16), packed >>> 7));
      Memory.i64(eight + 16, weights((int) (chosen >>> 32), packed >>> 14));
      Memory.i64(eight + 24, weights((int) (chosen >>> 48), packed >>> 21));
    }
  }

  private static long weights(int chosen, int signs) {
    long points = POINTS[chosen & 255] | (POINTS[(chosen >>> 8) & 255] << 32);
    return Spread.negated(points, Spread.even(signs));
  }
}
