package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * How far a sum may be from the exact one, derived and not tried out: each rounding on a term's way
 * into the sum adds at most 2⁻²⁴ of the magnitudes that are summed (Higham, Accuracy and Stability
 * of Numerical Algorithms, section 4.2).
 */
final class Tolerance {

  /** Half a unit in the last place of a number near 1. */
  static final double ROUNDING = 0x1p-24;

  /** Lanes of the vectors that this JVM computes with. */
  static final int LANES = Math.min(16, FloatVector.SPECIES_PREFERRED.length());

  private static final int LANE_STEPS = Integer.numberOfTrailingZeros(LANES);

  private Tolerance() {}

  /**
   * For a sum over lanes: what each lane adds up, the sum of the lanes, and a few roundings more
   * for decoding and for several accumulators.
   *
   * @param magnitude Σ |w·x|
   */
  static double ofSum(int elements, double magnitude) {
    return ((double) elements / LANES + LANE_STEPS + 6) * ROUNDING * magnitude
        + underflow(elements);
  }

  /** For a row of weights; columns beyond the last two vectors are added one by one. */
  static double ofDot(DType type, int elements, double magnitude) {
    int oneByOne = type.blockElements() == 1 ? Math.min(elements, 2 * LANES) : 0;
    return ofSum(elements, magnitude) + oneByOne * ROUNDING * magnitude;
  }

  /**
   * For quantised activations: groups are summed in integers, exactly; each is scaled, with some
   * roundings, and then at most a sum for each 16 inputs follows the other.
   *
   * @param magnitude Σ |w·x|
   */
  static double ofQuantised(int inputs, double magnitude) {
    return (inputs / 16.0 + 16) * ROUNDING * magnitude + underflow(inputs);
  }

  /**
   * For weights that are floats: sums of at most 512 terms one after the other, and those sums.
   *
   * @param magnitude Σ |w·x|
   */
  static double ofFloats(int inputs, double magnitude) {
    return (Math.min(inputs, 512) + inputs / 512.0 + 8) * ROUNDING * magnitude + underflow(inputs);
  }

  /** Products below the normal numbers lose up to the least subnormal one each. */
  private static double underflow(int elements) {
    return (2.0 * elements + 16) * Float.MIN_VALUE;
  }

  /** Σ |w·x| of a row, of {@link #magnitudes}. */
  static double magnitude(DType type, MemorySegment blocks, int elements, float[] x) {
    return magnitude(magnitudes(type, blocks, elements), x);
  }

  /** Σ |w·x|. */
  static double magnitude(double[] magnitudes, float[] x) {
    double sum = 0;
    for (int k = 0; k < magnitudes.length; k++) {
      sum += magnitudes[k] * Math.abs(x[k]);
    }
    return sum;
  }

  /**
   * A row's weights without signs, where one that is a difference counts with both its parts, for
   * either may be summed apart.
   */
  static double[] magnitudes(DType type, MemorySegment blocks, int elements) {
    double[] magnitudes = new double[elements];
    addMagnitudes(magnitudes, 1, type, blocks);
    if (Samples.scaleOffsets(type).length == 2) { // the second one's are minima
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment minima = arena.allocate(blocks.byteSize()).copyFrom(blocks);
        for (long at = 0; at < blocks.byteSize(); at += type.blockBytes()) {
          Samples.setScale(minima, type, at, 0, (short) 0);
        }
        addMagnitudes(magnitudes, 2, type, minima);
      }
    }
    return magnitudes;
  }

  private static void addMagnitudes(
      double[] magnitudes, double factor, DType type, MemorySegment blocks) {
    float[] w = Samples.decode(Samples.SCALAR, type, blocks, magnitudes.length);
    for (int k = 0; k < w.length; k++) {
      magnitudes[k] += factor * Math.abs(w[k]);
    }
  }
}
