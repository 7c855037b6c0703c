package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Norm, gate, rotation and sum of every level against their definitions in double precision. */
@Tag("width")
class ElementWiseTest {

  private static final int[] WIDTHS = {1, 2, 3, 15, 16, 17, 31, 64, 100, 255, 288, 1000, 4098};

  private final Arena arena = Arena.ofConfined();
  private final SplittableRandom random = new SplittableRandom(Samples.SEED);

  @AfterEach
  void close() {
    arena.close();
  }

  private static void paddingIsZero(Rows row) {
    int[] bits = Samples.bits(row);
    assertThat(Arrays.copyOfRange(bits, row.width(), row.stride()))
        .isEqualTo(new int[row.stride() - row.width()]);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void aNormDividesByTheRootOfTheMeanSquare(Kernels level) {
    for (int width : WIDTHS) {
      Rows x = Samples.rows(arena, 1, width, random);
      Rows weight = Samples.rows(arena, 1, width, random);
      Rows y = Samples.rows(arena, 1, width);
      float epsilon = 1e-5f;
      level.rmsNorm(
          x.data().address(),
          weight.data().address(),
          epsilon,
          width,
          x.stride(),
          y.data().address());
      double squares = 0;
      for (float value : x.toArray(0)) {
        squares += (double) value * value;
      }
      double scale = 1 / Math.sqrt(squares / width + epsilon);
      // half the sum's relative error, for the root; then three roundings
      double relative = Tolerance.ofSum(width, 1) / 2 + 4 * Tolerance.ROUNDING;
      for (int k = 0; k < width; k++) {
        double expected = x.get(0, k) * scale * weight.get(0, k);
        assertThat((double) y.get(0, k))
            .as("number %d of %d, seed %d", k, width, Samples.SEED)
            .isCloseTo(expected, within(relative * Math.abs(expected) + Float.MIN_VALUE));
      }
      paddingIsZero(y);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void aNormMayBeWrittenOverItsInput(Kernels level) {
    Rows x = Samples.rows(arena, 2, 100, random);
    Rows weight = Samples.rows(arena, 1, 100, random);
    Rows apart = Samples.rows(arena, 2, 100);
    long in = x.data().address();
    level.rmsNorm(in, weight.data().address(), 1e-6f, 100, 112, apart.data().address());
    level.rmsNorm(in, weight.data().address(), 1e-6f, 100, 112, in);
    assertThat(x.toArray(0)).isEqualTo(apart.toArray(0));
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void theGateIsTheLogisticSigmoidTimesItself(Kernels level) {
    for (int width : WIDTHS) {
      Rows gate = Samples.rows(arena, 1, width);
      Rows up = Samples.rows(arena, 1, width, random);
      for (int k = 0; k < width; k++) {
        gate.set(0, k, (random.nextFloat() - 0.5f) * 250);
      }
      float[] before = gate.toArray(0);
      level.swiGlu(gate.data().address(), up.data().address(), gate.stride());
      for (int k = 0; k < width; k++) {
        double g = before[k];
        double expected = g / (1 + Math.exp(-g)) * up.get(0, k);
        // e^x within 2e-7, then a sum, a quotient and a product
        double relative = 2e-7 + 4 * Tolerance.ROUNDING;
        // e^-g stops growing at e^88, where the gate is below 1e-36
        double absolute = Math.abs(g * up.get(0, k)) * Math.exp(-87.9) + Float.MIN_VALUE;
        assertThat((double) gate.get(0, k))
            .as("gate %s, width %d, seed %d", g, width, Samples.SEED)
            .isCloseTo(expected, within(relative * Math.abs(expected) + absolute));
      }
      paddingIsZero(gate);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void theClampedGateStopsAtItsLimits(Kernels level) {
    for (int width : WIDTHS) {
      Rows gate = Samples.rows(arena, 1, width);
      Rows up = Samples.rows(arena, 1, width);
      for (int k = 0; k < width; k++) {
        gate.set(0, k, (random.nextFloat() - 0.5f) * (k % 3 == 0 ? 250 : 20));
        up.set(0, k, (random.nextFloat() - 0.5f) * 20);
      }
      float[] before = gate.toArray(0);
      level.clampedSwiGlu(gate.data().address(), up.data().address(), gate.stride());
      for (int k = 0; k < width; k++) {
        double g = Math.min(before[k], 7);
        double factor = Math.clamp(up.get(0, k), -7, 7) + 1;
        double expected = g / (1 + Math.exp(-1.702 * g)) * factor;
        // e^x within 2e-7, a rounding of its argument, then two sums, a quotient and a product
        double relative = 2e-7 + (5 + 3.5 * Math.abs(g)) * Tolerance.ROUNDING;
        // the sum with up is rounded at 7, and e^-x stops growing at e^88
        double absolute = Math.abs(g) * (8 * Tolerance.ROUNDING + 8 * Math.exp(-87.9));
        assertThat((double) gate.get(0, k))
            .as("gate %s, width %d, seed %d", g, width, Samples.SEED)
            .isCloseTo(expected, within(relative * Math.abs(expected) + absolute));
      }
      paddingIsZero(gate);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void whatIsNoNumberStaysNoneInAGate(Kernels level) {
    for (int k = 0; k < 40; k++) {
      Rows gate = Samples.rows(arena, 1, 40, random);
      Rows up = Samples.rows(arena, 1, 40, random);
      (k % 2 == 0 ? gate : up).set(0, k, Float.NaN);
      level.clampedSwiGlu(gate.data().address(), up.data().address(), gate.stride());
      for (int i = 0; i < 40; i++) {
        assertThat(Float.isNaN(gate.get(0, i))).as("number %d", i).isEqualTo(i == k);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void aSumIsRoundedOnce(Kernels level) {
    for (int width : WIDTHS) {
      Rows x = Samples.rows(arena, 1, width, random);
      Rows y = Samples.rows(arena, 1, width, random);
      float[] before = x.toArray(0);
      level.add(x.data().address(), y.data().address(), x.stride());
      for (int k = 0; k < width; k++) {
        assertThat(x.get(0, k)).as("width %d", width).isEqualTo(before[k] + y.get(0, k));
      }
      paddingIsZero(x);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void aSumWithAFactorIsRoundedOnce(Kernels level) {
    for (int width : WIDTHS) {
      Rows x = Samples.rows(arena, 1, width, random);
      Rows y = Samples.rows(arena, 1, width, random);
      float[] before = x.toArray(0);
      float factor = random.nextFloat() * 4 - 2;
      level.addScaled(x.data().address(), y.data().address(), factor, x.stride());
      for (int k = 0; k < width; k++) {
        assertThat(x.get(0, k))
            .as("width %d", width)
            .isEqualTo(Math.fma(factor, y.get(0, k), before[k]));
      }
      paddingIsZero(x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRotationTurnsItsPairsAndLeavesTheRest(Pairing pairing) {
    for (Kernels level : Samples.LEVELS) {
      for (int width : new int[] {2, 6, 32, 40, 64, 128}) {
        for (int pairs : new int[] {1, width / 4, width / 2}) {
          rotate(level, pairing, width, pairs);
        }
      }
    }
  }

  private void rotate(Kernels level, Pairing pairing, int width, int pairs) {
    Rows head = Samples.rows(arena, 1, width, random);
    Rows turns = Samples.rows(arena, 1, 2 * Math.max(1, pairs));
    double[] expected = new double[width];
    float[] before = head.toArray(0);
    for (int k = 0; k < width; k++) {
      expected[k] = before[k];
    }
    for (int pair = 0; pair < pairs; pair++) {
      double angle = random.nextDouble() * 100;
      turns.set(0, 2 * pair, (float) Math.cos(angle));
      turns.set(0, 2 * pair + 1, (float) Math.sin(angle));
      int first =
          switch (pairing) {
            case ADJACENT -> 2 * pair;
            case HALVES -> pair;
          };
      int second =
          switch (pairing) {
            case ADJACENT -> 2 * pair + 1;
            case HALVES -> pair + pairs;
          };
      expected[first] = before[first] * Math.cos(angle) - before[second] * Math.sin(angle);
      expected[second] = before[first] * Math.sin(angle) + before[second] * Math.cos(angle);
    }
    level.rotate(head.data().address(), turns.data().address(), pairs, pairing);
    for (int k = 0; k < width; k++) {
      // cosine, sine, both products and their sum are rounded
      double tolerance = 5 * Tolerance.ROUNDING * 2 * largest(before);
      assertThat((double) head.get(0, k))
          .as("number %d of %d, %d pairs %s, seed %d", k, width, pairs, pairing, Samples.SEED)
          .isCloseTo(expected[k], within(tolerance));
    }
    assertThat(Arrays.copyOfRange(head.toArray(0), 2 * pairs, width))
        .isEqualTo(Arrays.copyOfRange(before, 2 * pairs, width));
    paddingIsZero(head);
  }

  /** An operation on three rows of one width. */
  private interface Operation {
    void run(Rows a, Rows b, Rows c);
  }

  private static List<Operation> operations(Kernels level) {
    List<Operation> all = new ArrayList<>();
    all.add((a, b, c) ->
        level.rmsNorm(address(a), address(b), 1e-6f, a.width(), a.stride(), address(c)));
    all.add((a, b, _) -> level.swiGlu(address(a), address(b), a.stride()));
    all.add((a, b, _) -> level.clampedSwiGlu(address(a), address(b), a.stride()));
    all.add((a, b, _) -> level.add(address(a), address(b), a.stride()));
    all.add((a, b, _) -> level.addScaled(address(a), address(b), 0.3f, a.stride()));
    for (Pairing pairing : Pairing.values()) {
      all.add((a, b, _) -> level.rotate(address(a), address(b), a.width() / 2, pairing));
    }
    return all;
  }

  private static long address(Rows rows) {
    return rows.data().address();
  }

  /** Every row ends where there is no memory. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void nothingBesideTheRowsIsReadOrWritten(Kernels level) throws IOException {
    try (var first = new Cliff(64 << 10);
        var second = new Cliff(64 << 10);
        var third = new Cliff(64 << 10)) {
      List<Cliff> cliffs = List.of(first, second, third);
      for (int width : WIDTHS) {
        for (Operation operation : operations(level)) {
          List<Rows> plain = new ArrayList<>();
          List<Rows> last = new ArrayList<>();
          for (Cliff cliff : cliffs) {
            plain.add(Samples.rows(arena, 1, width, random));
            last.add(new Rows(cliff.last(plain.getLast().data()), 1, width));
          }
          operation.run(plain.get(0), plain.get(1), plain.get(2));
          operation.run(last.get(0), last.get(1), last.get(2));
          for (int i = 0; i < cliffs.size(); i++) {
            assertThat(last.get(i).data().mismatch(plain.get(i).data())).isEqualTo(-1);
            assertThat(cliffs.get(i).untouchedBefore(Rows.bytes(1, width))).isTrue();
            cliffs.get(i).restore(Rows.bytes(1, width));
          }
        }
      }
    }
  }

  /** The last of several heads ends where there is no memory, however wide it is. */
  @ParameterizedTest
  @EnumSource
  void aRotationOfTheLastHeadEndsWithIt(Pairing pairing) throws IOException {
    for (Kernels level : Samples.LEVELS) {
      try (var heads = new Cliff(64 << 10);
          var turned = new Cliff(64 << 10)) {
        for (int width = 2; width <= 128; width += 2) {
          MemorySegment head = heads.last(4L * width);
          MemorySegment turns = turned.last(4L * width);
          for (int k = 0; k < width; k++) {
            head.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, k, random.nextFloat());
            turns.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, k, random.nextFloat());
          }
          level.rotate(head.address(), turns.address(), width / 2, pairing);
          assertThat(heads.untouchedBefore(4L * width)).isTrue();
          assertThat(turned.untouchedBefore(4L * width)).isTrue();
          heads.restore(4L * width);
          turned.restore(4L * width);
        }
      }
    }
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
