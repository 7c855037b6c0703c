package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.kernel.MatrixKernel.Tile;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrices of floats in machine code against sums in double precision, with any width. */
class FloatMatrixTest {

  private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16);

  /** Beyond the parts into which kernels cut rows, twice, and no whole number of anything. */
  private static final int LONG = 4096 + 512 + 77;

  /** A level's kernel for a type and a phase. */
  record Subject(Kernels level, DType type, Phase phase) {

    void requireCode() {
      assumeTrue(
          Samples.CODE.contains(level), "needs a processor that machine code is written for");
    }

    MatrixKernel kernel() {
      return level.matrix(type, phase).orElseThrow();
    }
  }

  static List<Arguments> subjects() {
    var subjects = new ArrayList<Arguments>();
    for (Kernels level : Samples.CODE) {
      for (DType type : TYPES) {
        for (Phase phase : Phase.values()) {
          subjects.add(
              Arguments.argumentSet(
                  level.level() + " " + type + " " + phase, new Subject(level, type, phase)));
        }
      }
    }
    if (subjects.isEmpty()) {
      subjects.add(
          Arguments.argumentSet(
              "no machine code here", new Subject(Samples.SCALAR, DType.F32, Phase.PROMPT)));
    }
    return subjects;
  }

  /** Weights and activations of a product in native memory. */
  private record Product(
      Subject subject, int rows, int inputs, MemorySegment weights, Rows x, MemorySegment results) {

    static Product random(
        Arena arena, Subject subject, int rows, int inputs, int tokens, RandomGenerator random) {
      long bytes = subject.type().bytes(inputs) * rows;
      MemorySegment weights = arena.allocate(bytes, 64);
      Samples.fill(weights, subject.type(), random);
      Rows x = Samples.rows(arena, tokens, inputs, random);
      return new Product(subject, rows, inputs, weights, x, arena.allocate(4L * rows * tokens, 64));
    }

    void run(Arena arena) {
      run(arena.allocate(subject.kernel().scratchBytes(inputs), 64));
    }

    void run(MemorySegment scratch) {
      MatrixKernel kernel = subject.kernel();
      long rowBytes = subject.type().bytes(inputs);
      int tile = kernel.rows(inputs, rows);
      for (int first = 0; first < rows; first += tile) {
        kernel.multiply(
            new Tile(
                weights.address() + first * rowBytes,
                rowBytes,
                Math.min(tile, rows - first),
                inputs,
                x.data().address(),
                4L * x.stride(),
                x.count(),
                results.address() + 4L * first,
                4L * rows),
            scratch.address());
      }
    }

    float result(int row, int token) {
      return results.getAtIndex(ValueLayout.JAVA_FLOAT, (long) token * rows + row);
    }

    float[] row(int row) {
      long bytes = subject.type().bytes(inputs);
      return Samples.decode(
          Samples.SCALAR, subject.type(), weights.asSlice(row * bytes, bytes), inputs);
    }

    void check() {
      for (int row = 0; row < rows; row++) {
        float[] w = row(row);
        for (int token = 0; token < x.count(); token++) {
          float[] activations = x.toArray(token);
          double expected = 0;
          double magnitude = 0;
          for (int k = 0; k < inputs; k++) {
            double term = (double) w[k] * activations[k];
            expected += term;
            magnitude += Math.abs(term);
          }
          assertThat((double) result(row, token))
              .as(
                  "%s, row %d of %d, %d inputs, token %d of %d, seed %d",
                  subject, row, rows, inputs, token, x.count(), Samples.SEED)
              .isCloseTo(expected, within(Tolerance.ofFloats(inputs, magnitude)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everyShapeEqualsTheSumInDouble(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    List<Integer> widths = new ArrayList<>();
    for (int inputs = 1; inputs <= 131; inputs++) {
      widths.add(inputs);
    }
    widths.add(LONG);
    for (int inputs : widths) {
      try (Arena arena = Arena.ofConfined()) {
        int rows = random.nextInt(1, inputs == LONG ? 34 : 50);
        var product = Product.random(arena, subject, rows, inputs, random.nextInt(1, 28), random);
        product.run(arena);
        product.check();
      }
    }
  }

  /** Small whole numbers, whose sums have no roundings: one weight too many or too few is seen. */
  @ParameterizedTest
  @MethodSource("subjects")
  void wholeNumbersAreAddedExactly(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    for (int inputs : new int[] {1, 63, 64, 65, 511, 512, 513, 2047, 2049, LONG}) {
      try (Arena arena = Arena.ofConfined()) {
        var product = Product.random(arena, subject, 37, inputs, 14, random);
        for (long k = 0; k < 37L * inputs; k++) {
          setWeight(product.weights(), subject.type(), k, random.nextInt(-7, 8));
        }
        for (int token = 0; token < 14; token++) {
          for (int k = 0; k < inputs; k++) {
            product.x().set(token, k, random.nextInt(-7, 8));
          }
        }
        product.run(arena);
        for (int row = 0; row < 37; row++) {
          float[] w = product.row(row);
          for (int token = 0; token < 14; token++) {
            long expected = 0;
            for (int k = 0; k < inputs; k++) {
              expected += Math.round(w[k]) * (long) Math.round(product.x().get(token, k));
            }
            assertThat(product.result(row, token))
                .as("row %d, token %d, %d inputs", row, token, inputs)
                .isEqualTo((float) expected);
          }
        }
      }
    }
  }

  private static void setWeight(MemorySegment weights, DType type, long index, int value) {
    switch (type) {
      case F32 -> weights.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
      case F16 -> weights.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
      case BF16 ->
          weights.setAtIndex(
              ValueLayout.JAVA_SHORT, index, (short) (Float.floatToRawIntBits(value) >>> 16));
      default -> throw new IllegalArgumentException(type + " is no float");
    }
  }

  /** Neither with whom a token is computed nor in which tile a row is. */
  @ParameterizedTest
  @MethodSource("subjects")
  void aResultDependsOnItsRowAndTokenAlone(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofConfined()) {
      var all = Product.random(arena, subject, 37, 2048 + 45, 26, random);
      all.run(arena);
      long rowBytes = subject.type().bytes(all.inputs());
      for (int tokens = 1; tokens <= 13; tokens++) {
        for (int row : new int[] {0, 15, 16, 31, 36}) {
          int first = random.nextInt(0, 26 - tokens);
          var some =
              new Product(
                  subject,
                  1,
                  all.inputs(),
                  all.weights().asSlice(row * rowBytes, rowBytes),
                  all.x().slice(first, tokens),
                  arena.allocate(4L * tokens, 64));
          some.run(arena);
          for (int token = 0; token < tokens; token++) {
            assertThat(some.result(0, token))
                .as("row %d, token %d of %d from %d", row, token, tokens, first)
                .isEqualTo(all.result(row, first + token));
          }
        }
      }
    }
  }

  /** Every buffer ends where there is no memory. */
  @ParameterizedTest
  @MethodSource("subjects")
  void nothingBesideWhatIsNamedIsReadOrWritten(Subject subject) throws IOException {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    try (var weights = new Cliff(256 << 10);
        var x = new Cliff(64 << 10);
        var scratch = new Cliff(256 << 10);
        var results = new Cliff(64 << 10);
        Arena arena = Arena.ofConfined()) {
      for (int inputs = 1; inputs <= 150; inputs += 1 + inputs / 20) {
        for (int tokens : new int[] {1, 2, 8, 13}) {
          int rows = random.nextInt(1, 36);
          var expected = Product.random(arena, subject, rows, inputs, tokens, random);
          expected.run(arena);
          var found =
              new Product(
                  subject,
                  rows,
                  inputs,
                  weights.last(expected.weights()),
                  new Rows(x.last(expected.x().data()), tokens, inputs),
                  results.last(expected.results().byteSize()));
          long scratchBytes = subject.kernel().scratchBytes(inputs);
          found.run(scratch.last(scratchBytes));
          assertThat(found.results().mismatch(expected.results())).isEqualTo(-1);
          assertThat(results.untouchedBefore(found.results().byteSize())).isTrue();
          assertThat(scratch.untouchedBefore(scratchBytes)).isTrue();
          results.restore(found.results().byteSize());
          scratch.restore(scratchBytes);
        }
      }
    }
  }

  /** A hostile activation is seen in the result, and in no other token's. */
  @ParameterizedTest
  @MethodSource("subjects")
  void whatIsNoNumberIsNoNumberAfterwards(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    float[] hostile = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    try (Arena arena = Arena.ofConfined()) {
      for (int k = 0; k < 99; k += 7) {
        var product = Product.random(arena, subject, 3, 99, 3, random);
        product.x().set(1, k, hostile[k % 3]);
        product.run(arena);
        for (int row = 0; row < 3; row++) {
          assertThat(product.result(row, 0)).isFinite();
          assertThat(Float.isFinite(product.result(row, 1)))
              .as("%s at %d", hostile[k % 3], k)
              .isFalse();
          assertThat(product.result(row, 2)).isFinite();
        }
      }
    }
  }
}
