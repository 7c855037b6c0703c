package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ6_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.D;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.HIGH;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.SCALES;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ6_K}. */
final class VectorQ6_K {

  static final BlockFormat FORMAT =
      Unpacked.scaled(
          Group.OF_16,
          (blocks, elements, _, scratch) -> lower(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> upper(blocks, elements, scratch),
          (blocks, elements, _, scratch) -> scales(blocks, elements, scratch));

  private VectorQ6_K() {}

  /** The first half of each half: lower nibbles. */
  private static void lower(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 128) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int half = s >> Packed.STEPS;
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long block = from + (half >> 1) * (long) BYTES;
      long nibbles = block + (half & 1) * 64L + column;
      long to = quants + half * 128L + column;
      IntVector high = Packed.wide(block + HIGH + (half & 1) * 32L + column);
      IntVector first = high.and(0x03030303).lanewise(VectorOperators.LSHL, 4);
      IntVector second = high.and(0x0c0c0c0c).lanewise(VectorOperators.LSHL, 2);
      Packed.storeLess(Packed.low(Packed.wide(nibbles)).or(first), 32, to);
      Packed.storeLess(Packed.low(Packed.wide(nibbles + 32)).or(second), 32, to + 32);
    }
  }

  /** The second half of each half: upper nibbles. */
  private static void upper(long blocks, int elements, long scratch) {
    Lanes.touch(blocks);
    long from = Memory.plain(blocks);
    long quants = Unpacked.quants(scratch);
    int steps = (elements / 128) << Packed.STEPS;
    for (int s = 0; s < steps; s++) {
      int half = s >> Packed.STEPS;
      int column = (s & ((1 << Packed.STEPS) - 1)) * Packed.WIDE;
      long block = from + (half >> 1) * (long) BYTES;
      long nibbles = block + (half & 1) * 64L + column;
      long to = quants + half * 128L + column;
      IntVector high = Packed.wide(block + HIGH + (half & 1) * 32L + column);
      IntVector third = high.and(0x30303030);
      IntVector fourth = high.lanewise(VectorOperators.LSHR, 2).and(0x30303030);
      Packed.storeLess(Packed.high(Packed.wide(nibbles)).or(third), 32, to + 64);
      Packed.storeLess(Packed.high(Packed.wide(nibbles + 32)).or(fourth), 32, to + 96);
    }
  }

  private static void scales(long blocks, int elements, long scratch) {
    long from = Memory.plain(blocks);
    long scales = Unpacked.scales(scratch, elements);
    for (int b = 0; b < elements / 256; b++) {
      long block = from + b * (long) BYTES;
      Scales.sixteen(block + SCALES, Memory.f16(block + D), scales + 64L * b);
    }
  }
}
