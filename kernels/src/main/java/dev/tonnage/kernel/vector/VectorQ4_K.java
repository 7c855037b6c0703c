package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.scalar.ScalarQ4_K.BYTES;
import static dev.tonnage.kernel.scalar.ScalarQ4_K.QUANTS;
import static dev.tonnage.kernel.scalar.ScalarQ4_K.SCALES;
import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.broadcast;
import static dev.tonnage.kernel.vector.Lanes.f32;
import static dev.tonnage.kernel.vector.Lanes.floats;
import static dev.tonnage.kernel.vector.Lanes.u8;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarQ4_K;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Twin of {@link ScalarQ4_K}. First the scales of the whole row are unpacked into scratch, 8 scales
 * and 8 minima a super-block; then one flat loop walks its nibbles, L bytes at a time.
 */
final class VectorQ4_K implements BlockFormat {

  /** 32 bytes of nibbles, two sub-blocks, are walked in 2^STEPS vectors. */
  private static final int STEPS = Integer.numberOfTrailingZeros(32 / L);

  /** Scratch of a super-block: 8 scales, then 8 minima, as floats. */
  private static final int SCALE_BYTES = 64;

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    packScales(blocks, elements / 256, scratch);
    widenScales(blocks, elements / 256, scratch);
    decodeGroups(blocks, (elements / 64) << STEPS, out, scratch);
  }

  private static void decodeGroups(long blocks, int steps, long out, long scratch) {
    for (int s = 0; s < steps; s++) {
      int group = s >> STEPS; // of 64 numbers in 32 bytes
      long within = (s & ((1 << STEPS) - 1)) * (long) L;
      long scale = scratch + (group >> 2) * (long) SCALE_BYTES + (group & 3) * 8L;
      long to = out + 256L * group + 4 * within;
      IntVector q = u8(blocks + (group >> 2) * (long) BYTES + QUANTS + (group & 3) * 32L + within);
      floats(q.and(15))
          .mul(broadcast(scale))
          .sub(broadcast(scale + 32))
          .intoMemorySegment(Memory.ALL, to, ORDER);
      floats(q.lanewise(VectorOperators.LSHR, 4))
          .mul(broadcast(scale + 4))
          .sub(broadcast(scale + 36))
          .intoMemorySegment(Memory.ALL, to + 128, ORDER);
    }
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    packScales(blocks, elements / 256, scratch);
    widenScales(blocks, elements / 256, scratch);
    return dotGroups(blocks, (elements / 64) << STEPS, x, scratch);
  }

  private static float dotGroups(long blocks, int steps, long x, long scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    for (int s = 0; s < steps; s++) {
      int group = s >> STEPS;
      long within = (s & ((1 << STEPS) - 1)) * (long) L;
      long scale = scratch + (group >> 2) * (long) SCALE_BYTES + (group & 3) * 8L;
      long at = x + 256L * group + 4 * within;
      IntVector q = u8(blocks + (group >> 2) * (long) BYTES + QUANTS + (group & 3) * 32L + within);
      FloatVector low = floats(q.and(15)).mul(broadcast(scale)).sub(broadcast(scale + 32));
      FloatVector high =
          floats(q.lanewise(VectorOperators.LSHR, 4))
              .mul(broadcast(scale + 4))
              .sub(broadcast(scale + 36));
      s0 = low.fma(f32(at), s0);
      s1 = high.fma(f32(at + 128), s1);
    }
    return Lanes.sum(s0.add(s1));
  }

  /** The 16 bytes of scales and minima, into the upper quarter of the super-block's scratch. */
  private static void packScales(long blocks, int superBlocks, long scratch) {
    for (int b = 0; b < superBlocks; b++) {
      long packed = blocks + b * (long) BYTES + SCALES;
      Memory.i64(scratch + b * (long) SCALE_BYTES + 48, ScalarQ4_K.packedScales(packed));
      Memory.i64(scratch + b * (long) SCALE_BYTES + 56, ScalarQ4_K.packedMinima(packed));
    }
  }

  /** Those bytes to floats; what is read last is overwritten last. */
  private static void widenScales(long blocks, int superBlocks, long scratch) {
    for (int v = 0; v < superBlocks * (16 / L); v++) {
      int part = v % (16 / L);
      long own = scratch + v / (16 / L) * (long) SCALE_BYTES;
      long block = blocks + v / (16 / L) * (long) BYTES;
      FloatVector d = FloatVector.broadcast(F, Memory.f16(block));
      FloatVector dmin = FloatVector.broadcast(F, Memory.f16(block + 2));
      FloatVector factor = L == 16 ? d.blend(dmin, Lanes.UPPER_HALF) : part < 8 / L ? d : dmin;
      floats(u8(own + 48 + part * (long) L))
          .mul(factor)
          .intoMemorySegment(Memory.ALL, own + part * 4L * L, ORDER);
    }
  }
}
