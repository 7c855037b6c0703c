package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.ClampedGate;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.kernel.PeakLoop;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/** The Vector API level. Made only where the incubator module is there. */
public final class VectorKernels implements Kernels {

  /** For what is not worth a vector: a rotation or a cache touches each number once. */
  private final ScalarKernels scalar = new ScalarKernels();

  @Override
  public Level level() {
    return Level.VECTOR;
  }

  @Override
  public String description() {
    return "Vector API, " + F.vectorBitSize() + " bits";
  }

  /** A format is made when it is first asked for: tables that nobody uses are never read. */
  @Override
  public Optional<BlockFormat> format(DType type) {
    return switch (type) {
      case F32 -> Optional.of(new VectorF32());
      case F16 -> Optional.of(new VectorF16());
      case BF16 -> Optional.of(new VectorBF16());
      case Q4_0 -> Optional.of(VectorQ4_0.FORMAT);
      case Q4_1 -> Optional.of(VectorQ4_1.FORMAT);
      case Q5_0 -> Optional.of(VectorQ5_0.FORMAT);
      case Q5_1 -> Optional.of(VectorQ5_1.FORMAT);
      case Q8_0 -> Optional.of(new VectorQ8_0());
      case Q2_K -> Optional.of(VectorQ2_K.FORMAT);
      case Q3_K -> Optional.of(VectorQ3_K.FORMAT);
      case Q4_K -> Optional.of(VectorQ4_K.FORMAT);
      case Q5_K -> Optional.of(VectorQ5_K.FORMAT);
      case Q6_K -> Optional.of(VectorQ6_K.FORMAT);
      case IQ1_S -> Optional.of(VectorIQ1_S.FORMAT);
      case IQ1_M -> Optional.of(VectorIQ1_M.FORMAT);
      case IQ2_XXS -> Optional.of(VectorIQ2_XXS.FORMAT);
      case IQ2_XS -> Optional.of(VectorIQ2_XS.FORMAT);
      case IQ2_S -> Optional.of(VectorIQ2_S.FORMAT);
      case IQ3_XXS -> Optional.of(VectorIQ3_XXS.FORMAT);
      case IQ3_S -> Optional.of(VectorIQ3_S.FORMAT);
      case IQ4_NL -> Optional.of(VectorIQ4_NL.FORMAT);
      case IQ4_XS -> Optional.of(VectorIQ4_XS.FORMAT);
      case TQ1_0 -> Optional.of(VectorTQ1_0.FORMAT);
      case TQ2_0 -> Optional.of(VectorTQ2_0.FORMAT);
      case MXFP4 -> Optional.of(VectorMXFP4.FORMAT);
      case NVFP4 -> Optional.of(VectorNVFP4.FORMAT);
      case Q8_1, Q8_K, I8, I16, I32, I64, F64, E8M0 -> Optional.empty();
      case U2, U3, U4, U5, U6, U8, E2M1, E4M3 -> Optional.empty();
    };
  }

  @Override
  public BlockFormat scaledFormat(Tensor tensor) {
    return new VectorScaled(scalar.scaledFormat(tensor));
  }

  @Override
  public Optional<PeakLoop> peak() {
    return Optional.of(new VectorPeak());
  }

  @Override
  public Optional<CacheFormat> cacheFormat(DType type) {
    return scalar
        .cacheFormat(type)
        .map(writer -> new VectorCache(format(type).orElseThrow(), writer));
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
  public void addScaled(long x, long y, float factor, int padded) {
    FloatVector factors = FloatVector.broadcast(F, factor);
    for (int k = 0; k < padded; k += L) {
      FloatVector sum = f32(y + 4L * k).fma(factors, f32(x + 4L * k));
      sum.intoMemorySegment(Memory.ALL, x + 4L * k, ORDER);
    }
  }

  @Override
  public void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y) {
    FloatVector squares = FloatVector.zero(F);
    for (int k = 0; k < padded; k += L) {
      FloatVector v = f32(x + 4L * k);
      squares = v.fma(v, squares);
    }
    float scale = (float) (1 / Math.sqrt((double) Lanes.sum(squares.add(0)) / width + epsilon));
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
  public void clampedSwiGlu(long gate, long up, int padded) {
    for (int k = 0; k < padded; k += L) {
      FloatVector g = f32(gate + 4L * k).min(ClampedGate.LIMIT);
      FloatVector u = f32(up + 4L * k).min(ClampedGate.LIMIT).max(-ClampedGate.LIMIT);
      g.div(Exponential.exp(g.mul(-ClampedGate.SLOPE)).add(1))
          .mul(u.add(1))
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
