package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ3_S.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ3_S.HIGH;
import static dev.tonnage.kernel.scalar.ScalarIQ3_S.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarIQ3_S.SIGNS;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_S;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ3_S}. */
final class VectorIQ3_S {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private static final long[] POINTS = Grid.IQ3_S.points();

  private VectorIQ3_S() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      long block = from + (s >> 3) * (long) BYTES;
      int sub = s & 7;
      Memory.f32(scale + 4L * s, ScalarIQ3_S.scale(block, sub));
      long chosen = Memory.i64(block + QUANTS + sub * 8L);
      int high = Memory.u8(block + HIGH + sub);
      int signs = Memory.i32(block + SIGNS + sub * 4L);
      long eight = to + 32L * s;
      Memory.i64(eight, weights((int) chosen, high, signs));
      Memory.i64(eight + 8, weights((int) (chosen >>> 16), high >>> 2, signs >>> 8));
      Memory.i64(eight + 16, weights((int) (chosen >>> 32), high >>> 4, signs >>> 16));
      Memory.i64(eight + 24, weights((int) (chosen >>> 48), high >>> 6, signs >>> 24));
    }
  }

  private static long weights(int chosen, int high, int signs) {
    long first = POINTS[(chosen & 255) | ((high & 1) << 8)];
    long second = POINTS[((chosen >>> 8) & 255) | ((high & 2) << 7)];
    return Spread.negated(first | (second << 32), Spread.bytes(signs));
  }
}
