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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Matrices of machine code against their scalar twin: weights decoded by the scalar level, times
 * activations of which each 32, or those of a prompt that meet one block, are rounded to 127 steps
 * either way, summed in double precision.
 */
class QuantisedMatrixTest {

  /** Inputs of the smallest blocks. */
  private static final int BLOCK = 32;

  /** Beyond the parts into which kernels cut rows, twice. */
  private static final int LONG = 4096 + 2048 + 512;

  /** A level's kernel for a type and a phase. */
  record Subject(Kernels level, DType type, Phase phase) {

    void requireCode() {
      assumeTrue(
          Samples.CODE.contains(level), "needs a processor that machine code is written for");
    }

    MatrixKernel kernel() {
      return level.matrix(type, phase).orElseThrow();
    }

    @Override
    public String toString() {
      return level.description() + ", " + type + ", " + phase;
    }

    boolean quantises() {
      return kernel().activationBytes(256) > 0;
    }

    int step() {
      return Math.max(BLOCK, type.blockElements());
    }

    /** Inputs that share a scale. */
    int scaled() {
      return switch (phase) {
        case PROMPT -> step();
        case GENERATION -> BLOCK;
      };
    }
  }

  static List<Arguments> subjects() {
    var subjects = new ArrayList<Arguments>();
    for (Kernels level : Samples.CODE) {
      for (DType type : Samples.FORMATS) {
        for (Phase phase : Phase.values()) {
          var subject = new Subject(level, type, phase);
          if (subject.quantises()) {
            subjects.add(Arguments.argumentSet(subject.toString(), subject));
          }
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
      int offset = random.nextInt(64);
      MemorySegment weights = arena.allocate(bytes + offset, 64).asSlice(offset);
      Samples.fill(weights, subject.type(), random);
      Rows x = Samples.rows(arena, tokens, inputs, random);
      for (int token = 0; token < tokens; token++) {
        if (random.nextInt(4) == 0) { // a block of zeros, and one beside it that is large
          int first = random.nextInt(inputs / BLOCK) * BLOCK;
          for (int k = first; k < first + BLOCK; k++) {
            x.set(token, k, 0);
          }
          x.set(token, random.nextInt(inputs), 1e4f);
        }
      }
      return new Product(subject, rows, inputs, weights, x, arena.allocate(4L * rows * tokens, 64));
    }

    void run(Arena arena) {
      MatrixKernel kernel = subject.kernel();
      long bytes = kernel.activationBytes(inputs);
      run(
          arena.allocate(bytes * x.count(), 64),
          arena.allocate(kernel.scratchBytes(inputs), 64),
          weights,
          results);
    }

    void run(MemorySegment prepared, MemorySegment scratch, MemorySegment from, MemorySegment to) {
      MatrixKernel kernel = subject.kernel();
      long bytes = kernel.activationBytes(inputs);
      for (int token = 0; token < x.count(); token++) {
        kernel.prepare(
            x.data().address() + token * 4L * x.stride(),
            inputs,
            prepared.address() + token * bytes,
            scratch.address());
      }
      long rowBytes = subject.type().bytes(inputs);
      int tile = kernel.rows(inputs, rows);
      for (int first = 0; first < rows; first += tile) {
        kernel.multiply(
            new Tile(
                from.address() + first * rowBytes,
                rowBytes,
                Math.min(tile, rows - first),
                inputs,
                prepared.address(),
                bytes,
                x.count(),
                to.address() + 4L * first,
                4L * rows),
            scratch.address());
      }
    }

    float result(int row, int token) {
      return results.getAtIndex(
          java.lang.foreign.ValueLayout.JAVA_FLOAT, (long) token * rows + row);
    }

    void check() {
      long rowBytes = subject.type().bytes(inputs);
      float[][] all = new float[x.count()][];
      for (int token = 0; token < x.count(); token++) {
        all[token] = rounded(x.toArray(token), subject.scaled());
      }
      for (int row = 0; row < rows; row++) {
        MemorySegment blocks = weights.asSlice(row * rowBytes, rowBytes);
        float[] w = Samples.decode(Samples.SCALAR, subject.type(), blocks, inputs);
        double[] magnitudes = Tolerance.magnitudes(subject.type(), blocks, inputs);
        for (int token = 0; token < x.count(); token++) {
          float[] rounded = all[token];
          double expected = 0;
          for (int k = 0; k < inputs; k++) {
            expected += (double) w[k] * rounded[k];
          }
          double magnitude = Tolerance.magnitude(magnitudes, rounded);
          assertThat((double) result(row, token))
              .as(
                  "%s, row %d of %d, %d inputs, token %d of %d, seed %d",
                  subject, row, rows, inputs, token, x.count(), Samples.SEED)
              .isCloseTo(expected, within(Tolerance.ofQuantised(inputs, magnitude)));
        }
      }
    }
  }

  /** What activations are after quantisation, so many with a scale. */
  private static float[] rounded(float[] x, int scaled) {
    float[] rounded = new float[x.length];
    for (int first = 0; first < x.length; first += scaled) {
      float most = 0;
      for (int k = first; k < first + scaled; k++) {
        most = Math.max(most, Math.abs(x[k]));
      }
      float inverse = 127 / Math.max(most, 1e-36f);
      for (int k = first; k < first + scaled; k++) {
        rounded[k] = (float) Math.rint(x[k] * inverse) * (most / 127);
      }
    }
    return rounded;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everyShapeEqualsTheScalarTwin(Subject subject) {
    subject.requireCode();
    everyShape(subject, 2);
  }

  /** A million blocks of the format and more. */
  @Tag("soak")
  @ParameterizedTest
  @MethodSource("subjects")
  void aMillionBlocksEqualTheScalarTwin(Subject subject) {
    subject.requireCode();
    int blocks = 0;
    for (int round = 0; blocks < 1_000_000; round++) {
      var random = new SplittableRandom(Samples.SEED + round);
      try (Arena arena = Arena.ofConfined()) {
        int inputs = random.nextInt(1, 24) * subject.step();
        var product = Product.random(arena, subject, 67, inputs, 2, random);
        product.run(arena);
        product.check();
        blocks += 67 * inputs / subject.type().blockElements();
      }
    }
  }

  private static void everyShape(Subject subject, int rounds) {
    var random = new SplittableRandom(Samples.SEED);
    List<Integer> widths = new ArrayList<>();
    for (int blocks = 1; blocks <= 17; blocks++) {
      widths.add(blocks * subject.step());
    }
    widths.add(LONG);
    for (int round = 0; round < rounds; round++) {
      for (int inputs : widths) {
        try (Arena arena = Arena.ofConfined()) {
          int rows = random.nextInt(1, inputs == LONG ? 34 : 70);
          var product = Product.random(arena, subject, rows, inputs, random.nextInt(1, 20), random);
          product.run(arena);
          product.check();
        }
      }
    }
  }

  /** Sums of bytes are exact, though in few bits: the largest weights meet the largest inputs. */
  @ParameterizedTest
  @MethodSource("subjects")
  void sumsOfTheLargestNumbersDoNotOverflow(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    int inputs = 2 * subject.step();
    short one = Float.floatToFloat16(1);
    try (Arena arena = Arena.ofConfined()) {
      for (int fill : new int[] {0x00, 0x0f, 0x7f, 0x80, 0x88, 0xf0, 0xff}) {
        for (float x : new float[] {-1, 1}) {
          var product = Product.random(arena, subject, 17, inputs, 4, random);
          MemorySegment weights = product.weights().fill((byte) fill);
          DType type = subject.type();
          for (long at = 0; at < weights.byteSize(); at += type.blockBytes()) {
            for (int scale = 0; scale < Samples.scales(type); scale++) {
              Samples.setScale(weights, type, at, scale, one);
            }
          }
          for (int k = 0; k < inputs; k++) {
            product.x().set(2, k, x);
          }
          product.run(arena);
          product.check();
        }
      }
    }
  }

  /** Neither with whom a token is computed nor in which tile a row is. */
  @ParameterizedTest
  @MethodSource("subjects")
  void aResultDependsOnItsRowAndTokenAlone(Subject subject) {
    subject.requireCode();
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofConfined()) {
      var all = Product.random(arena, subject, 37, 2048 + subject.step(), 17, random);
      all.run(arena);
      long rowBytes = subject.type().bytes(all.inputs());
      for (int tokens = 1; tokens <= 9; tokens++) {
        for (int row : new int[] {0, 15, 16, 31, 36}) {
          int first = random.nextInt(0, 17 - tokens);
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
    try (var weights = new Cliff(1 << 20);
        var x = new Cliff(1 << 20);
        var prepared = new Cliff(1 << 20);
        var scratch = new Cliff(1 << 20);
        var results = new Cliff(64 << 10);
        Arena arena = Arena.ofConfined()) {
      for (int blocks = 1; blocks <= 9; blocks++) {
        for (int tokens : new int[] {1, 2, 5, 6, 8, 11}) {
          int inputs = blocks * subject.step();
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
          MatrixKernel kernel = subject.kernel();
          assertThat(kernel.scratchBytes(inputs))
              .isLessThanOrEqualTo(subject.level().mostMatrixScratchBytes(inputs));
          assertThat(kernel.activationBytes(inputs))
              .isLessThanOrEqualTo(subject.level().mostActivationBytes(inputs));
          found.run(
              prepared.last(kernel.activationBytes(inputs) * tokens),
              scratch.last(kernel.scratchBytes(inputs)),
              found.weights(),
              found.results());
          assertThat(found.results().mismatch(expected.results())).isEqualTo(-1);
          assertThat(results.untouchedBefore(found.results().byteSize())).isTrue();
          assertThat(prepared.untouchedBefore(kernel.activationBytes(inputs) * tokens)).isTrue();
          assertThat(scratch.untouchedBefore(kernel.scratchBytes(inputs))).isTrue();
          results.restore(found.results().byteSize());
          prepared.restore(kernel.activationBytes(inputs) * tokens);
          scratch.restore(kernel.scratchBytes(inputs));
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
      for (int k = 0; k < 2 * subject.step(); k += 7) {
        var product = Product.random(arena, subject, 3, 2 * subject.step(), 3, random);
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
