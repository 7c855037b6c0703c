package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.tensor.DType;
import java.util.Map;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/** The Vector API level. Made only where the incubator module is there. */
public final class VectorKernels implements Kernels {

  private static final Map<DType, BlockFormat> FORMATS =
      Map.of(
          DType.F32, new VectorF32(),
          DType.F16, new VectorF16(),
          DType.BF16, new VectorBF16(),
          DType.Q8_0, new VectorQ8_0(),
          DType.Q4_K, new VectorQ4_K(),
          DType.Q6_K, new VectorQ6_K());

  /** For what is not worth a vector: a rotation touches each number once. */
  private final ScalarKernels scalar = new ScalarKernels();

  @Override
  public Level level() {
    return Level.VECTOR;
  }

  @Override
  public String description() {
    return "Vector API, " + F.vectorBitSize() + " bits";
  }

  @Override
  public Optional<BlockFormat> format(DType type) {
    return Optional.ofNullable(FORMATS.get(type));
  }

  @Override
  public Optional<CacheFormat> cacheFormat(DType type) {
    return format(type).filter(CacheFormat.class::isInstance).map(CacheFormat.class::cast);
  }

  @Override
  public void multiplyTile(
      long w, int rows, int padded, long x, int tokens, long y, long yStrideBytes) {
    PromptTile.multiply(w, rows, padded, x, tokens, y, yStrideBytes);
  }

  @Override
  public void add(long x, long y, int padded) {
    for (int k = 0; k < padded; k += L) {
      f32(x + 4L * k).add(f32(y + 4L * k)).intoMemorySegment(Memory.ALL, x + 4L * k, ORDER);
    }
  }

  @Override
  public void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y) {
    FloatVector squares = FloatVector.zero(F);
    for (int k = 0; k < padded; k += L) {
      FloatVector v = f32(x + 4L * k);
      squares = v.fma(v, squares);
    }
    float scale = (float) (1 / Math.sqrt((double) Lanes.sum(squares) / width + epsilon));
    for (int k = 0; k < padded; k += L) {
      f32(x + 4L * k)
          .mul(scale)
          .mul(f32(weight + 4L * k))
          .intoMemorySegment(Memory.ALL, y + 4L * k, ORDER);
    }
  }

  @Override
  public void swiGlu(long gate, long up, int padded) {
    for (int k = 0; k < padded; k += L) {
      FloatVector g = f32(gate + 4L * k);
      g.div(Exponential.exp(g.neg()).add(1))
          .mul(f32(up + 4L * k))
          .intoMemorySegment(Memory.ALL, gate + 4L * k, ORDER);
    }
  }

  @Override
  public void rotate(long head, long turns, int pairs, Pairing pairing) {
    scalar.rotate(head, turns, pairs, pairing);
  }

  @Override
  public void scores(
      long q, int heads, long keys, int padded, int tokens, long scores, long strideBytes) {
    for (int head = 0; head < heads; head++) {
      Attention.scores(q + 4L * head * padded, keys, padded, tokens, scores + head * strideBytes);
    }
  }

  @Override
  public void softmax(long scores, int tokens) {
    Attention.softmax(scores, tokens);
  }

  @Override
  public void mix(
      long weights, long strideBytes, int heads, long values, int padded, int tokens, long mixed) {
    for (int head = 0; head < heads; head++) {
      Attention.mix(
          weights + head * strideBytes, values, padded, tokens, mixed + 4L * head * padded);
    }
  }
}
