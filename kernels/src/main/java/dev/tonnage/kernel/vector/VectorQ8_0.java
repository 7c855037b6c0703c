package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.f32;
import static dev.tonnage.kernel.vector.Lanes.floats;
import static dev.tonnage.kernel.vector.Lanes.i8;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** Twin of {@link dev.tonnage.kernel.scalar.ScalarQ8_0}: bytes already, used where they lie. */
final class VectorQ8_0 implements BlockFormat {

  /** A block's 32 bytes are walked in 2^STEPS pairs of vectors: flat loops suit the compiler. */
  private static final int STEPS = Integer.numberOfTrailingZeros(16 / L);

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    long from = Memory.plain(blocks);
    long begin = Memory.plain(out);
    int pairs = (elements / 32) << STEPS;
    for (int p = 0; p < pairs; p++) {
      long block = from + (p >> STEPS) * 34L;
      long quants = block + 2 + (p & ((1 << STEPS) - 1)) * 2L * L;
      float d = Memory.f16(block);
      long to = begin + 8L * p * L;
      floats(i8(quants)).mul(d).intoMemorySegment(Memory.ALL, to, ORDER);
      floats(i8(quants + L)).mul(d).intoMemorySegment(Memory.ALL, to + 4L * L, ORDER);
    }
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    long from = Memory.plain(blocks);
    long begin = Memory.plain(x);
    FloatVector sum = FloatVector.zero(F);
    int pairs = (elements / 32) << STEPS;
    for (int p = 0; p < pairs; p++) {
      long block = from + (p >> STEPS) * 34L;
      long quants = block + 2 + (p & ((1 << STEPS) - 1)) * 2L * L;
      long at = begin + 8L * p * L;
      FloatVector products = floats(i8(quants)).mul(f32(at));
      products = floats(i8(quants + L)).fma(f32(at + 4L * L), products);
      sum = products.fma(FloatVector.broadcast(F, Memory.f16(block)), sum);
    }
    return Lanes.sum(sum.add(0));
  }
}
