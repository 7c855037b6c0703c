package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The twin of machine code against the formats' specification and activations as they were. */
class DecodeTwinTest {

  private static final long SEED = Long.getLong("tonnage.seed", 20261122);

  /** Half a unit in the last place of a number near 1. */
  private static final double ROUNDING = 0x1p-24;

  /** One row, and a token's activations as they were and as they are multiplied. */
  private record Row(
      Format format, int elements, MemorySegment blocks, MemorySegment x, MemorySegment records) {

    static Row random(Arena arena, Format format, int blocks, RandomGenerator random) {
      int elements = blocks * format.blockElements();
      MemorySegment row = arena.allocate((long) blocks * format.blockBytes());
      format.fill(row, Format::usual, random);
      MemorySegment x = arena.allocate(4L * elements, 4);
      for (int k = 0; k < elements; k++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextGaussian());
      }
      MemorySegment records = arena.allocate(QuantizedActivations.bytes(elements));
      QuantizedActivations.quantize(x.address(), elements, records.address());
      return new Row(format, elements, row, x, records);
    }

    float x(int k) {
      return x.getAtIndex(ValueLayout.JAVA_FLOAT, k);
    }

    /** The scale of the activation's block. */
    double d(int k) {
      return Memory.f32(records.address() + k / 128 * 160L + 128 + k % 128 / 32 * 4L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreThoseOfTheSpecification(Format format) {
    var random = new SplittableRandom(SEED);
    try (Arena arena = Arena.ofConfined()) {
      Row row = Row.random(arena, format, 500, random);
      float[] weights = decode(arena, row);
      long address = row.blocks.address();
      for (int k = 0; k < row.elements; k++) {
        float scaled = format.scale(address, k) * format.quantum(address, k);
        assertThat(scaled - format.min(address, k)).isEqualTo(weights[k]);
      }
    }
  }

  private static float[] decode(Arena arena, Row row) {
    MemorySegment out = arena.allocate(4L * row.elements, 4);
    row.format.scalar().decode(row.blocks.address(), row.elements, out.address(), 0);
    return out.toArray(ValueLayout.JAVA_FLOAT);
  }

  @ParameterizedTest
  @EnumSource
  void dotProductsAreExactButForTheActivationsQuantisation(Format format) {
    var random = new SplittableRandom(SEED);
    for (int round = 0; round < 300; round++) {
      try (Arena arena = Arena.ofConfined()) {
        Row row =
            Row.random(arena, format, 1 + random.nextInt(4096 / format.blockElements()), random);
        float[] weights = decode(arena, row);
        double exact = 0;
        for (int k = 0; k < row.elements; k++) {
          exact += (double) weights[k] * row.x(k);
        }
        double twin =
            DecodeTwin.dot(format, row.blocks.address(), row.elements, row.records.address());
        assertThat(twin)
            .as("%s, %d columns, seed %d", format, row.elements, SEED)
            .isCloseTo(exact, within(tolerance(row, weights)));
      }
    }
  }

  /**
   * An activation is off by half a step of its block, and 2⁻¹⁷ of one because the quotient, of up
   * to 127, is rounded before. Then each rounding on a term's way into the sum adds at most 2⁻²⁴ of
   * the magnitudes that are summed (Higham, Accuracy and Stability of Numerical Algorithms, section
   * 4.2): of a weight, of two factors, of each step of one of four sums, of the sums' sum.
   */
  private static double tolerance(Row row, float[] weights) {
    double quantisation = 0;
    double magnitude = 0;
    long address = row.blocks.address();
    for (int k = 0; k < row.elements; k++) {
      double step = row.d(k);
      double parts =
          Math.abs(row.format.scale(address, k) * row.format.quantum(address, k))
              + Math.abs(row.format.min(address, k));
      quantisation += Math.abs(weights[k]) * step * (0.5 + 0x1p-17);
      magnitude += parts * (Math.abs(row.x(k)) + step);
    }
    int steps = Math.ceilDiv(row.elements, 128) * (row.format.unpacker().hasMinima() ? 2 : 1);
    return quantisation + (steps + 5) * ROUNDING * magnitude;
  }
}
