package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarTQ1_0.BYTES;
import static dev.tonnage.kernel.scalar.ScalarTQ1_0.D;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarTQ1_0;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarTQ1_0}. */
final class VectorTQ1_0 {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_32,
          (blocks, elements, _, scratch) -> quants(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> last(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> Scales.same(blocks + D, BYTES, elements, scratch));

  private VectorTQ1_0() {}

  /** The first 240 numbers of each block: three times 16 bytes of five digits. */
  private static void quants(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = elements / 256 * 15;
    for (int s = 0; s < steps; s++) {
      int third = s % 15 / 5;
      int digit = s % 5;
      IntVector bytes = Packed.sixteen(from + s / 15 * (long) BYTES + third * 16L);
      IntVector even = digit(bytes.and(0x00ff00ff), digit);
      IntVector odd = digit(bytes.lanewise(VectorOperators.LSHR, 8).and(0x00ff00ff), digit);
      int at = third < 2 ? third * 16 + digit * 32 : 160 + digit * 16;
      Packed.storeLess(
          even.or(odd.lanewise(VectorOperators.LSHL, 8)), 1, quants + s / 15 * 256L + at);
    }
  }

  /** A digit of every second byte, the other bytes being zero. */
  private static IntVector digit(IntVector bytes, int digit) {
    return bytes
        .mul(ScalarTQ1_0.power(digit))
        .and(0x00ff00ff)
        .mul(3)
        .lanewise(VectorOperators.LSHR, 8)
        .and(0x00ff00ff);
  }

  private static void last(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    for (int b = 0; b < elements / 256; b++) {
      for (int k = 240; k < 256; k++) {
        int q = ScalarTQ1_0.digit(from + b * (long) BYTES, k) - 1;
        Memory.i8(quants + 256L * b + k, (byte) q);
      }
    }
  }
}
