package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ2_XXS.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ2_XXS.SUBS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XXS;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ2_XXS}. */
final class VectorIQ2_XXS {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final long[] POINTS = Grid.IQ2_XXS.points();

  private VectorIQ2_XXS() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      long block = from + (s >> 3) * (long) BYTES;
      int chosen = Memory.i32(block + SUBS + (s & 7) * 8L);
      int packed = Memory.i32(block + SUBS + (s & 7) * 8L + 4);
      Memory.f32(scale + 4L * s, ScalarIQ2_XXS.scale(block, packed));
      long eight = to + 32L * s;
      Memory.i64(eight, weights(chosen, packed));
      Memory.i64(eight + 8, weights(chosen >>> 8, packed >>> 7));
      Memory.i64(eight + 16, weights(chosen >>> 16, packed >>> 14));
      Memory.i64(eight + 24, weights(chosen >>> 24, packed >>> 21));
    }
  }

  private static long weights(int chosen, int signs) {
    return Spread.negated(POINTS[chosen & 255], Spread.even(signs));
  }
}
