package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ6_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.D;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.HIGH;
import static dev.tonnage.kernel.scalar.ScalarQ6_K.SCALES;
import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.broadcast;
import static dev.tonnage.kernel.vector.Lanes.f32;
import static dev.tonnage.kernel.vector.Lanes.floats;
import static dev.tonnage.kernel.vector.Lanes.i8;
import static dev.tonnage.kernel.vector.Lanes.u8;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Twin of {@link dev.tonnage.kernel.scalar.ScalarQ6_K}. The scales of the row are widened into
 * scratch first; then one flat loop takes L of a half's 32 columns at a time, which hold numbers of
 * all four quarters.
 */
final class VectorQ6_K implements BlockFormat {

  /** The 32 columns of a half are walked in 2^STEPS vectors. */
  private static final int STEPS = Integer.numberOfTrailingZeros(32 / L);

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    widenScales(blocks, elements / 256, scratch);
    int steps = (elements / 128) << STEPS;
    decodeLower(blocks, steps, out, scratch);
    decodeUpper(blocks, steps, out, scratch);
  }

  private static void decodeLower(long blocks, int steps, long out, long scratch) {
    for (int s = 0; s < steps; s++) {
      int half = s >> STEPS;
      int column = (s & ((1 << STEPS) - 1)) * L;
      long block = blocks + (half >> 1) * (long) BYTES;
      long scale = scratch + half * 32L + (column >> 4) * 4L;
      long to = out + half * 512L + 4L * column;
      IntVector high = u8(block + HIGH + (half & 1) * 32L + column);
      long low = block + (half & 1) * 64L + column;
      quarter0(u8(low), high).mul(broadcast(scale)).intoMemorySegment(Memory.ALL, to, ORDER);
      quarter1(u8(low + 32), high)
          .mul(broadcast(scale + 8))
          .intoMemorySegment(Memory.ALL, to + 128, ORDER);
    }
  }

  private static void decodeUpper(long blocks, int steps, long out, long scratch) {
    for (int s = 0; s < steps; s++) {
      int half = s >> STEPS;
      int column = (s & ((1 << STEPS) - 1)) * L;
      long block = blocks + (half >> 1) * (long) BYTES;
      long scale = scratch + half * 32L + (column >> 4) * 4L;
      long to = out + half * 512L + 4L * column;
      IntVector high = u8(block + HIGH + (half & 1) * 32L + column);
      long low = block + (half & 1) * 64L + column;
      quarter2(u8(low), high)
          .mul(broadcast(scale + 16))
          .intoMemorySegment(Memory.ALL, to + 256, ORDER);
      quarter3(u8(low + 32), high)
          .mul(broadcast(scale + 24))
          .intoMemorySegment(Memory.ALL, to + 384, ORDER);
    }
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    widenScales(blocks, elements / 256, scratch);
    int steps = (elements / 128) << STEPS;
    return dotLower(blocks, steps, x, scratch) + dotUpper(blocks, steps, x, scratch);
  }

  private static float dotLower(long blocks, int steps, long x, long scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    for (int s = 0; s < steps; s++) {
      int half = s >> STEPS;
      int column = (s & ((1 << STEPS) - 1)) * L;
      long block = blocks + (half >> 1) * (long) BYTES;
      long scale = scratch + half * 32L + (column >> 4) * 4L;
      long at = x + half * 512L + 4L * column;
      IntVector high = u8(block + HIGH + (half & 1) * 32L + column);
      long low = block + (half & 1) * 64L + column;
      s0 = quarter0(u8(low), high).mul(f32(at)).fma(broadcast(scale), s0);
      s1 = quarter1(u8(low + 32), high).mul(f32(at + 128)).fma(broadcast(scale + 8), s1);
    }
    return Lanes.sum(s0.add(s1));
  }

  private static float dotUpper(long blocks, int steps, long x, long scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    for (int s = 0; s < steps; s++) {
      int half = s >> STEPS;
      int column = (s & ((1 << STEPS) - 1)) * L;
      long block = blocks + (half >> 1) * (long) BYTES;
      long scale = scratch + half * 32L + (column >> 4) * 4L;
      long at = x + half * 512L + 4L * column;
      IntVector high = u8(block + HIGH + (half & 1) * 32L + column);
      long low = block + (half & 1) * 64L + column;
      s0 = quarter2(u8(low), high).mul(f32(at + 256)).fma(broadcast(scale + 16), s0);
      s1 = quarter3(u8(low + 32), high).mul(f32(at + 384)).fma(broadcast(scale + 24), s1);
    }
    return Lanes.sum(s0.add(s1));
  }

  private static FloatVector quarter0(IntVector nibbles, IntVector high) {
    return floats(nibbles.and(15).or(high.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32));
  }

  private static FloatVector quarter1(IntVector nibbles, IntVector high) {
    return floats(nibbles.and(15).or(high.and(12).lanewise(VectorOperators.LSHL, 2)).sub(32));
  }

  private static FloatVector quarter2(IntVector nibbles, IntVector high) {
    return floats(nibbles.lanewise(VectorOperators.LSHR, 4).or(high.and(48)).sub(32));
  }

  private static FloatVector quarter3(IntVector nibbles, IntVector high) {
    return floats(
        nibbles
            .lanewise(VectorOperators.LSHR, 4)
            .or(high.lanewise(VectorOperators.LSHR, 2).and(48))
            .sub(32));
  }

  /** Scratch of a super-block: its 16 scales times d, as floats. */
  private static void widenScales(long blocks, int superBlocks, long scratch) {
    for (int v = 0; v < superBlocks * (16 / L); v++) {
      long block = blocks + v / (16 / L) * (long) BYTES;
      floats(i8(block + SCALES + v % (16 / L) * (long) L))
          .mul(Memory.f16(block + D))
          .intoMemorySegment(Memory.ALL, scratch + 4L * v * L, ORDER);
    }
  }
}
