package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector level's dot products against their scalar twins. */
@Tag("width")
class DotTest {

  private static final int LONGEST = 4098;

  static final List<DType> FORMATS = Samples.FORMATS;

  static Stream<DType> floats() {
    return FORMATS.stream().filter(type -> type.blockElements() == 1);
  }

  static Stream<DType> blocks() {
    return FORMATS.stream().filter(type -> type.blockElements() > 1);
  }

  /** One row in native memory, at an odd address now and then. */
  private record Row(Arena arena, DType type, int elements, MemorySegment weights, Rows x) {

    static Row random(Arena arena, DType type, int elements, RandomGenerator random) {
      long bytes = type.bytes(elements);
      int offset = random.nextInt(64);
      MemorySegment weights = arena.allocate(bytes + offset, 64).asSlice(offset);
      Samples.fill(weights, type, random);
      return new Row(arena, type, elements, weights, Samples.rows(arena, 1, elements, random));
    }

    float dot(Kernels level) {
      return level
          .format(type)
          .orElseThrow()
          .dot(weights.address(), elements, x.data().address(), Samples.scratch(arena, elements));
    }

    double tolerance() {
      double magnitude = Tolerance.magnitude(type, weights, elements, x.toArray(0));
      return Tolerance.ofDot(type, elements, magnitude);
    }

    void check() {
      assertThat((double) dot(Samples.VECTOR))
          .as("%s, %d columns, seed %d", type, elements, Samples.SEED)
          .isCloseTo(dot(Samples.SCALAR), within(tolerance()));
    }
  }

  @ParameterizedTest
  @MethodSource("floats")
  void everyLengthEqualsTheScalarTwin(DType type) {
    var random = new SplittableRandom(Samples.SEED);
    for (int elements = 1; elements <= LONGEST; elements++) {
      try (Arena arena = Arena.ofConfined()) {
        Row.random(arena, type, elements, random).check();
      }
    }
  }

  /** 33,000 blocks of each format, in rows of 1 to 128. */
  @ParameterizedTest
  @MethodSource("blocks")
  void everyNumberOfBlocksEqualsTheScalarTwin(DType type) {
    everyNumberOfBlocks(type, 4);
  }

  /** The long form of the same. */
  @Tag("soak")
  @ParameterizedTest
  @MethodSource("blocks")
  void aMillionBlocksEqualTheScalarTwin(DType type) {
    everyNumberOfBlocks(type, 122);
  }

  private static void everyNumberOfBlocks(DType type, int rounds) {
    var random = new SplittableRandom(Samples.SEED);
    for (int round = 0; round < rounds; round++) {
      for (int blocks = 1; blocks <= 128; blocks++) {
        try (Arena arena = Arena.ofConfined()) {
          Row.random(arena, type, blocks * type.blockElements(), random).check();
        }
      }
    }
  }

  /** Sums that every order gives without a rounding must be equal to the bit. */
  @ParameterizedTest
  @FieldSource("FORMATS")
  void whatIsExactInAnyOrderIsEqualToTheBit(DType type) {
    var random = new SplittableRandom(Samples.SEED);
    int longest = Math.max(300, 20 * type.blockElements());
    for (int elements = type.blockElements();
        elements <= longest;
        elements += type.blockElements()) {
      try (Arena arena = Arena.ofConfined()) {
        Row row = Row.random(arena, type, elements, random);
        makeExact(row, random);
        assertThat(row.dot(Samples.VECTOR))
            .as("%s, %d columns, seed %d", type, elements, Samples.SEED)
            .isEqualTo(row.dot(Samples.SCALAR));
      }
    }
  }

  /** Small whole numbers: with signs at random, sums stay far below 2²⁴. */
  private static void makeExact(Row row, RandomGenerator random) {
    MemorySegment weights = row.weights();
    DType type = row.type();
    for (long at = 0; at < weights.byteSize(); at += type.blockBytes()) {
      int whole = random.nextInt(-32, 33);
      switch (type) {
        case F32 -> weights.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, whole);
        case F16 -> weights.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(whole));
        case BF16 ->
            weights.set(
                ValueLayout.JAVA_SHORT_UNALIGNED,
                at,
                (short) (Float.floatToRawIntBits(whole) >>> 16));
        default -> {
          for (int scale = 0; scale < Samples.scales(type); scale++) {
            Samples.setScale(weights, type, at, scale, Float.floatToFloat16(1));
          }
        }
      }
    }
    for (int k = 0; k < row.elements(); k++) {
      row.x().set(0, k, random.nextInt(-1, 2));
    }
  }

  /** Magnitudes from 10⁻³⁸ to 10³⁸ side by side, the products within range. */
  @ParameterizedTest
  @FieldSource("FORMATS")
  void extremeNumbersEqualTheScalarTwin(DType type) {
    var random = new SplittableRandom(Samples.SEED);
    int step = type.blockElements() == 1 ? 61 : type.blockElements();
    for (int elements = step; elements <= 20 * step; elements += step) {
      try (Arena arena = Arena.ofConfined()) {
        Row row = Row.random(arena, type, elements, random);
        for (int k = 0; k < elements; k++) {
          float scale = Math.scalb(1f, random.nextInt(-126, 110));
          row.x().set(0, k, (random.nextFloat() - 0.5f) * scale);
          if (type == DType.F32) {
            float inverse = 1 / scale * (random.nextFloat() - 0.5f);
            row.weights().set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * k, inverse);
          }
        }
        row.check();
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void infinitiesAndNansComeThroughWithoutAnException(DType type) {
    var random = new SplittableRandom(Samples.SEED);
    float[] hostile = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    int elements = type.blockElements() == 1 ? 70 : type.blockElements();
    for (int k = 0; k < elements; k++) {
      try (Arena arena = Arena.ofConfined()) {
        Row row = Row.random(arena, type, elements, random);
        row.x().set(0, k, hostile[k % 3]);
        boolean finite = Float.isFinite(row.dot(Samples.VECTOR));
        assertThat(finite).as("%s, column %d of %d", type, k, elements).isFalse();
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void nothingBesideARowIsReadOrWritten(DType type) throws IOException {
    var random = new SplittableRandom(Samples.SEED);
    BlockFormat format = Samples.VECTOR.format(type).orElseThrow();
    try (var weights = new Cliff(64 << 10);
        var x = new Cliff(64 << 10);
        var scratch = new Cliff(64 << 10);
        Arena arena = Arena.ofConfined()) {
      for (int blocks = 1; blocks <= 33; blocks++) {
        int elements = blocks * type.blockElements();
        Row row = Row.random(arena, type, elements, random);
        long scratchBytes = (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(elements);
        float sum =
            format.dot(
                weights.last(row.weights()).address(),
                elements,
                x.last(row.x().data()).address(),
                scratch.last(scratchBytes).address());
        assertThat(sum).as("%s, %d blocks", type, blocks).isEqualTo(row.dot(Samples.VECTOR));
        assertThat(scratch.untouchedBefore(scratchBytes)).as("%d blocks", blocks).isTrue();
        assertThat(x.untouchedBefore(row.x().data().byteSize())).as("%d blocks", blocks).isTrue();
        assertThat(weights.untouchedBefore(row.weights().byteSize())).isTrue();
      }
    }
  }
}
