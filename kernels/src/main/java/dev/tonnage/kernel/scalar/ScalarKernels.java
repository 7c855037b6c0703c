package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.tensor.DType;
import java.util.Map;
import java.util.Optional;

/** Every kernel as its definition says, summed in double precision. */
public final class ScalarKernels implements Kernels {

  private static final Map<DType, BlockFormat> FORMATS =
      Map.of(
          DType.F32, new ScalarF32(),
          DType.F16, new ScalarF16(),
          DType.BF16, new ScalarBF16(),
          DType.Q8_0, new ScalarQ8_0(),
          DType.Q4_K, new ScalarQ4_K(),
          DType.Q6_K, new ScalarQ6_K());

  @Override
  public Level level() {
    return Level.SCALAR;
  }

  @Override
  public String description() {
    return "scalar Java";
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
