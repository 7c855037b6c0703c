package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.ClampedGate;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.util.Optional;

/** Every kernel as its definition says, summed in double precision. */
public final class ScalarKernels implements Kernels {

  @Override
  public Level level() {
    return Level.SCALAR;
  }

  @Override
  public String description() {
    return "scalar Java";
  }

  /** Made when asked for: the tables of a format that nobody uses are never read. */
  @Override
  public Optional<BlockFormat> format(DType type) {
    return switch (type) {
      case F32 -> Optional.of(new ScalarF32());
      case F16 -> Optional.of(new ScalarF16());
      case BF16 -> Optional.of(new ScalarBF16());
      case Q4_0 -> Optional.of(new ScalarQ4_0());
      case Q4_1 -> Optional.of(new ScalarQ4_1());
      case Q5_0 -> Optional.of(new ScalarQ5_0());
      case Q5_1 -> Optional.of(new ScalarQ5_1());
      case Q8_0 -> Optional.of(new ScalarQ8_0());
      case Q2_K -> Optional.of(new ScalarQ2_K());
      case Q3_K -> Optional.of(new ScalarQ3_K());
      case Q4_K -> Optional.of(new ScalarQ4_K());
      case Q5_K -> Optional.of(new ScalarQ5_K());
      case Q6_K -> Optional.of(new ScalarQ6_K());
      case IQ1_S -> Optional.of(new ScalarIQ1_S());
      case IQ1_M -> Optional.of(new ScalarIQ1_M());
      case IQ2_XXS -> Optional.of(new ScalarIQ2_XXS());
      case IQ2_XS -> Optional.of(new ScalarIQ2_XS());
      case IQ2_S -> Optional.of(new ScalarIQ2_S());
      case IQ3_XXS -> Optional.of(new ScalarIQ3_XXS());
      case IQ3_S -> Optional.of(new ScalarIQ3_S());
      case IQ4_NL -> Optional.of(new ScalarIQ4_NL());
      case IQ4_XS -> Optional.of(new ScalarIQ4_XS());
      case TQ1_0 -> Optional.of(new ScalarTQ1_0());
      case TQ2_0 -> Optional.of(new ScalarTQ2_0());
      case MXFP4 -> Optional.of(new ScalarMXFP4());
      case NVFP4 -> Optional.of(new ScalarNVFP4());
      case Q8_1, Q8_K, I8, I16, I32, I64, F64, E8M0 -> Optional.empty();
      case U2, U3, U4, U5, U6, U8, E2M1, E4M3 -> Optional.empty();
    };
  }

  @Override
  public BlockFormat scaledFormat(Tensor tensor) {
    return new ScalarScaled(tensor);
  }

  @Override
  public Optional<CacheFormat> cacheFormat(DType type) {
    return format(type).filter(CacheFormat.class::isInstance).map(CacheFormat.class::cast);
  }

  @Override
  public void multiplyTile(
      long w, int rows, int padded, long x, int tokens, long y, long yStrideBytes) {
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        float sum = dot(w + 4L * r * padded, x + 4L * t * padded, padded);
        Memory.f32(y + t * yStrideBytes + 4L * r, sum);
      }
    }
  }

  @Override
  public void add(long x, long y, int padded) {
    for (int k = 0; k < padded; k++) {
      Memory.f32(x + 4L * k, Memory.f32(x + 4L * k) + Memory.f32(y + 4L * k));
    }
  }

  @Override
  public void addScaled(long x, long y, float factor, int padded) {
    for (int k = 0; k < padded; k++) {
      Memory.f32(x + 4L * k, Math.fma(factor, Memory.f32(y + 4L * k), Memory.f32(x + 4L * k)));
    }
  }

  @Override
  public void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y) {
    double squares = 0;
    for (int k = 0; k < width; k++) {
      squares += (double) Memory.f32(x + 4L * k) * Memory.f32(x + 4L * k);
    }
    double scale = 1 / Math.sqrt(squares / width + epsilon);
    for (int k = 0; k < padded; k++) {
      double normed = Memory.f32(x + 4L * k) * scale;
      Memory.f32(y + 4L * k, (float) (normed * Memory.f32(weight + 4L * k)));
    }
  }

  @Override
  public void swiGlu(long gate, long up, int padded) {
    for (int k = 0; k < padded; k++) {
      double g = Memory.f32(gate + 4L * k);
      Memory.f32(gate + 4L * k, (float) (g / (1 + Math.exp(-g)) * Memory.f32(up + 4L * k)));
    }
  }

  @Override
  public void clampedSwiGlu(long gate, long up, int padded) {
    for (int k = 0; k < padded; k++) {
      double g = Math.min(Memory.f32(gate + 4L * k), ClampedGate.LIMIT);
      double u = Math.clamp(Memory.f32(up + 4L * k), -ClampedGate.LIMIT, ClampedGate.LIMIT);
      double result = g / (1 + Math.exp(-ClampedGate.SLOPE * g)) * (u + 1);
      Memory.f32(gate + 4L * k, (float) result);
    }
  }

  @Override
  public void rotate(long head, long turns, int pairs, Pairing pairing) {
    for (int pair = 0; pair < pairs; pair++) {
      long first =
          switch (pairing) {
            case ADJACENT -> head + 8L * pair;
            case HALVES -> head + 4L * pair;
          };
      long second =
          switch (pairing) {
            case ADJACENT -> first + 4;
            case HALVES -> first + 4L * pairs;
          };
      float cos = Memory.f32(turns + 8L * pair);
      float sin = Memory.f32(turns + 8L * pair + 4);
      float a = Memory.f32(first);
      float b = Memory.f32(second);
      Memory.f32(first, a * cos - b * sin);
      Memory.f32(second, a * sin + b * cos);
    }
  }

  @Override
  public void scores(
      long q, int heads, long keys, int padded, int tokens, long scores, long strideBytes) {
    for (int head = 0; head < heads; head++) {
      for (int t = 0; t < tokens; t++) {
        float score = dot(q + 4L * head * padded, keys + 4L * t * padded, padded);
        Memory.f32(scores + head * strideBytes + 4L * t, score);
      }
    }
  }

  @Override
  public void softmax(long scores, int tokens) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < tokens; t++) {
      greatest = Math.max(greatest, Memory.f32(scores + 4L * t));
    }
    double sum = 0;
    for (int t = 0; t < tokens; t++) {
      sum += Math.exp(Memory.f32(scores + 4L * t) - greatest);
    }
    for (int t = 0; t < tokens; t++) {
      double weight = Math.exp(Memory.f32(scores + 4L * t) - greatest) / sum;
      Memory.f32(scores + 4L * t, (float) weight);
    }
  }

  @Override
  public void mix(
      long weights, long strideBytes, int heads, long values, int padded, int tokens, long mixed) {
    for (int head = 0; head < heads; head++) {
      for (int k = 0; k < padded; k++) {
        long out = mixed + 4L * (head * (long) padded + k);
        double sum = Memory.f32(out);
        for (int t = 0; t < tokens; t++) {
          sum +=
              (double) Memory.f32(weights + head * strideBytes + 4L * t)
                  * Memory.f32(values + 4L * (t * (long) padded + k));
        }
        Memory.f32(out, (float) sum);
      }
    }
  }

  private static float dot(long a, long b, int padded) {
    double sum = 0;
    for (int k = 0; k < padded; k++) {
      sum += (double) Memory.f32(a + 4L * k) * Memory.f32(b + 4L * k);
    }
    return (float) sum;
  }
}
