package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ1_S.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ1_S.HIGH;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarIQ1_S;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ1_S}. Unpacked are eighths. */
final class VectorIQ1_S {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorIQ1_S() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      long block = from + (s >> 3) * (long) BYTES;
      int high = Memory.i16(block + HIGH + (s & 7) * 2L);
      Memory.f32(scale + 4L * s, ScalarIQ1_S.scale(block, high) * 0.125f);
      for (int i = 0; i < 4; i++) {
        int index = ScalarIQ1_S.index(block, 4 * (s & 7) + i, high);
        Memory.i64(to + 32L * s + 8L * i, TernaryPoints.eighths(index, high >> 15));
      }
    }
  }
}
