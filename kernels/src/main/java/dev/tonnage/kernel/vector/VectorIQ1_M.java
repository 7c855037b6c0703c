package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarIQ1_M.BYTES;
import static dev.tonnage.kernel.scalar.ScalarIQ1_M.HIGH;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarIQ1_M;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarIQ1_M}. Unpacked are eighths. */
final class VectorIQ1_M {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16, (blocks, elements, _, scratch) -> unpack(blocks, elements, scratch));

  private VectorIQ1_M() {}

  private static void unpack(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long to = Unpacked.quants(scratch);
    long scale = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 256; b++) {
      long block = from + b * (long) BYTES;
      float d = ScalarIQ1_M.d(block) * 0.125f;
      for (int sub = 0; sub < 16; sub++) {
        int low = Memory.i16(block + 2L * sub);
        int high = Memory.u8(block + HIGH + sub);
        Memory.f32(scale + 64L * b + 4L * sub, ScalarIQ1_M.scale(block, d, sub));
        Memory.i64(to + 256L * b + 16L * sub, weights(low, high));
        Memory.i64(to + 256L * b + 16L * sub + 8, weights(low >> 8, high >> 4));
      }
    }
  }

  private static long weights(int low, int high) {
    return TernaryPoints.eighths((low & 255) | ((high & 7) << 8), -((high >> 3) & 1));
  }
}
