package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers whose scales stand beside them. */
class ScaledTensorTest {

  /** Against MLX, whose words, scales and biases these are, and what it makes of them. */
  @ParameterizedTest
  @CsvSource({"2, 32", "2, 64", "2, 128", "4, 32", "4, 64", "4, 128", "8, 32", "8, 64", "8, 128"})
  void groupsDecodeAsMlxDecodesThem(int bits, int group) throws IOException {
    Path folder = Samples.shared().resolve("reference-outputs/mlx");
    String name = "affine-" + bits + "bit-g" + group + ".";
    assumeTrue(Files.exists(folder.resolve(name + "weight.u32")), "no " + folder);
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(Samples.SCALAR, 1)) {
      Scales scales =
          new Scales(
              DType.F32,
              1,
              group,
              bytes(arena, folder.resolve(name + "scales.f32")),
              Optional.of(bytes(arena, folder.resolve(name + "biases.f32"))));
      var tensor =
          new Tensor(
              name,
              DType.valueOf("U" + bits),
              Shape.of(4, 1024),
              bytes(arena, folder.resolve(name + "weight.u32")),
              Optional.of(scales));
      Rows out = Samples.rows(arena, 4, 1024);
      cpu.gather(tensor, new int[] {0, 1, 2, 3}, out);
      ByteBuffer expected =
          ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + "values.f32")))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < 4; row++) {
        for (int k = 0; k < 1024; k++) {
          assertThat(out.get(row, k)).isEqualTo(expected.getFloat());
        }
      }
    }
  }

  private static MemorySegment bytes(Arena arena, Path file) throws IOException {
    return arena
        .allocate(Files.size(file))
        .copyFrom(MemorySegment.ofArray(Files.readAllBytes(file)));
  }

  @Test
  void floatsOfEightBitsAreThoseOfTheTable() throws IOException {
    List<Float> table = new ArrayList<>();
    try (var in = getClass().getResourceAsStream("e4m3.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.startsWith("#") && !line.isBlank()) {
          for (String number : line.split(" ", -1)) {
            table.add(Float.parseFloat(number));
          }
        }
      }
    }
    assertThat(table).hasSize(256);
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(Samples.SCALAR, 1)) {
      MemorySegment bytes = arena.allocate(256);
      for (int i = 0; i < 256; i++) {
        bytes.set(ValueLayout.JAVA_BYTE, i, (byte) i);
      }
      MemorySegment one = arena.allocate(4);
      one.set(ValueLayout.JAVA_FLOAT, 0, 1);
      var scales = new Scales(DType.F32, 128, 256, one, Optional.empty());
      var tensor = new Tensor("all", DType.E4M3, Shape.of(1, 256), bytes, Optional.of(scales));
      Rows out = Samples.rows(arena, 1, 256);
      cpu.gather(tensor, new int[1], out);
      for (int i = 0; i < 256; i++) {
        assertThat(out.get(0, i)).as("byte %d", i).isEqualTo(table.get(i));
      }
    }
  }

  /** A tensor, and the numbers that it means. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Sample(Tensor tensor, double[][] numbers) {

    /** Random bits and scales; numbers by a definition of their own. */
    static Sample of(
        Arena arena, DType type, DType scaleType, int rows, int columns, int blockRows, int group) {
      var random = new SplittableRandom(Samples.SEED);
      MemorySegment data = arena.allocate(type.bytes((long) rows * columns));
      for (long at = 0; at < data.byteSize(); at++) {
        byte bits = (byte) random.nextInt();
        boolean isNone = type == DType.E4M3 && (bits & 127) == 127;
        data.set(ValueLayout.JAVA_BYTE, at, isNone ? 0 : bits);
      }
      int blocks = Math.ceilDiv(columns, group);
      int count = Math.ceilDiv(rows, blockRows) * blocks;
      double[] scales = new double[count];
      double[] biases = new double[count];
      boolean isAffine = type.name().startsWith("U");
      MemorySegment scaleBytes = arena.allocate(scaleType.bytes(count));
      MemorySegment biasBytes = arena.allocate(scaleType.bytes(count));
      for (int i = 0; i < count; i++) {
        scales[i] = put(scaleBytes, scaleType, i, random);
        biases[i] = isAffine ? put(biasBytes, scaleType, i, random) : 0;
      }
      double[][] numbers = new double[rows][columns];
      int bits = type.blockBytes() * 8 / type.blockElements();
      for (int row = 0; row < rows; row++) {
        for (int k = 0; k < columns; k++) {
          int stored = 0;
          for (int bit = 0; bit < bits; bit++) {
            long at = ((long) row * columns + k) * bits + bit;
            stored |= (data.get(ValueLayout.JAVA_BYTE, at / 8) >> (at % 8) & 1) << bit;
          }
          int block = row / blockRows * blocks + k / group;
          numbers[row][k] = scales[block] * meaning(type, stored) + biases[block];
        }
      }
      Optional<MemorySegment> added = isAffine ? Optional.of(biasBytes) : Optional.empty();
      var beside = new Scales(scaleType, blockRows, group, scaleBytes, added);
      return new Sample(
          new Tensor("sample", type, Shape.of(rows, columns), data, Optional.of(beside)), numbers);
    }

    private static double put(MemorySegment to, DType type, int i, SplittableRandom random) {
      float number = (float) (random.nextDouble() - 0.5) / 8;
      return switch (type) {
        case F32 -> {
          to.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
          yield number;
        }
        case F16 -> {
          short half = Float.floatToFloat16(number);
          to.setAtIndex(ValueLayout.JAVA_SHORT, i, half);
          yield Float.float16ToFloat(half);
        }
        case BF16 -> {
          short upper = (short) (Float.floatToRawIntBits(number) >> 16);
          to.setAtIndex(ValueLayout.JAVA_SHORT, i, upper);
          yield Float.intBitsToFloat(upper << 16);
        }
        case E8M0 -> {
          int exponent = 120 + random.nextInt(10);
          to.set(ValueLayout.JAVA_BYTE, i, (byte) exponent);
          yield Math.pow(2, exponent - 127);
        }
        default -> throw new IllegalArgumentException(type + "");
      };
    }

    private static double meaning(DType type, int bits) {
      return switch (type) {
        case E2M1 -> floating(bits, 2, 1, 1);
        case E4M3 -> floating(bits, 4, 3, 7);
        default -> bits;
      };
    }

    private static double floating(int bits, int exponentBits, int fractionBits, int bias) {
      int exponent = bits >> fractionBits & ((1 << exponentBits) - 1);
      double fraction = (bits & ((1 << fractionBits) - 1)) / Math.pow(2, fractionBits);
      double magnitude =
          exponent == 0
              ? fraction * Math.pow(2, 1 - bias)
              : (1 + fraction) * Math.pow(2, exponent - bias);
      return bits >> (exponentBits + fractionBits) == 0 ? magnitude : -magnitude;
    }
  }

  private static List<Sample> samples(Arena arena) {
    List<Sample> samples = new ArrayList<>();
    for (DType type : List.of(DType.U2, DType.U3, DType.U4, DType.U5, DType.U6, DType.U8)) {
      samples.add(Sample.of(arena, type, DType.F32, 7, 96, 1, 32));
      samples.add(Sample.of(arena, type, DType.F16, 70, 320, 1, 64));
      samples.add(Sample.of(arena, type, DType.BF16, 33, 640, 1, 128));
      samples.add(Sample.of(arena, type, DType.BF16, 130, 1088, 1, 64));
    }
    samples.add(Sample.of(arena, DType.E2M1, DType.E8M0, 33, 352, 1, 32));
    samples.add(Sample.of(arena, DType.E4M3, DType.F32, 200, 384, 128, 128));
    samples.add(Sample.of(arena, DType.E4M3, DType.F32, 200, 300, 128, 128));
    samples.add(Sample.of(arena, DType.E4M3, DType.F32, 5, 17, 2, 4));
    samples.add(Sample.of(arena, DType.E4M3, DType.BF16, 100, 272, 3, 16));
    return samples;
  }

  @Test
  void numbersAreDecodedByTheirDefinition() {
    try (Arena arena = Arena.ofShared()) {
      for (Kernels level : Samples.LEVELS) {
        try (var cpu = new Cpu(level, 2)) {
          for (Sample sample : samples(arena)) {
            int rows = sample.numbers().length;
            int columns = sample.numbers()[0].length;
            Rows out = Samples.rows(arena, rows, columns);
            cpu.gather(sample.tensor(), IntStream.range(0, rows).toArray(), out);
            for (int row = 0; row < rows; row++) {
              for (int k = 0; k < columns; k++) {
                double expected = sample.numbers()[row][k];
                assertThat((double) out.get(row, k))
                    .as("%s of %s, [%d, %d]", sample.tensor().type(), level.level(), row, k)
                    .isCloseTo(expected, within(2e-7 * Math.abs(expected) + 2e-6));
              }
            }
          }
        }
      }
    }
  }

  /** In both phases, whole and from a later row on. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#variants")
  void productsAreThoseOfTheNumbers(Kernels level) {
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(level, 2)) {
      for (Sample sample : samples(arena)) {
        int rows = sample.numbers().length;
        int columns = sample.numbers()[0].length;
        Rows x = whole(arena, 11, columns);
        for (Phase phase : Phase.values()) {
          for (int first : new int[] {0, rows / 2}) {
            for (int tokens : new int[] {1, 2, 11}) {
              Tensor some = sample.tensor().rows(first, rows - first);
              Rows y = Samples.rows(arena, tokens, rows - first);
              cpu.multiply(some, x.slice(0, tokens), y, phase);
              check(sample, first, x, y, level.level() + " " + phase);
            }
          }
        }
      }
    }
  }

  private static void check(Sample sample, int first, Rows x, Rows y, String what) {
    for (int token = 0; token < y.count(); token++) {
      for (int row = 0; row < y.width(); row++) {
        double expected = 0;
        double magnitude = 0;
        for (int k = 0; k < x.width(); k++) {
          double number = sample.numbers()[first + row][k];
          expected += number * x.get(token, k);
          magnitude += Math.abs(number * x.get(token, k));
        }
        assertThat((double) y.get(token, row))
            .as("%s, %s, row %d", what, sample.tensor().type(), first + row)
            .isCloseTo(expected, within(1e-5 * magnitude));
      }
    }
  }

  /** Whole numbers up to 127, which is among each 32: so they stay what they are as bytes. */
  private static Rows whole(Arena arena, int count, int columns) {
    var random = new SplittableRandom(Samples.SEED);
    Rows x = Samples.rows(arena, count, columns);
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < columns; k++) {
        x.set(row, k, k % 32 == 5 ? 127 : random.nextInt(-127, 128));
      }
    }
    return x;
  }

  /** Numbers, scales and biases end where there is no memory. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#variants")
  void nothingBehindATensorIsRead(Kernels level) throws IOException {
    try (Arena arena = Arena.ofShared();
        var numbers = new Cliff(1 << 20);
        var scales = new Cliff(1 << 20);
        var biases = new Cliff(1 << 20);
        var cpu = new Cpu(level, 1)) {
      for (DType type :
          List.of(
              DType.U2, DType.U3, DType.U4, DType.U5, DType.U6, DType.U8, DType.E2M1, DType.E4M3)) {
        for (int group : new int[] {32, 64, 128}) {
          for (DType scaleType : List.of(DType.F32, DType.BF16)) {
            for (int columns = group; columns <= 768; columns += group) {
              Sample sample = Sample.of(arena, type, scaleType, 5, columns, 1, group);
              Scales beside = sample.tensor().scales().orElseThrow();
              MemorySegment lastScales = scales.last(beside.scales());
              Optional<MemorySegment> lastBiases = beside.biases().map(biases::last);
              var last =
                  new Tensor(
                      "last",
                      type,
                      sample.tensor().shape(),
                      numbers.last(sample.tensor().data()),
                      Optional.of(new Scales(scaleType, 1, group, lastScales, lastBiases)));
              Rows x = whole(arena, 2, columns);
              for (Phase phase : Phase.values()) {
                Rows y = Samples.rows(arena, 2, 5);
                cpu.multiply(last, x, y, phase);
                check(sample, 0, x, y, level.level() + " " + phase + ", groups of " + group);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void scalesThatDoNotFitAreRefused() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(64);
      MemorySegment few = arena.allocate(12);
      var scales = new Scales(DType.F32, 1, 32, few, Optional.empty());
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new Tensor("few", DType.U4, Shape.of(2, 64), data, Optional.of(scales)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Tensor("none", DType.U4, Shape.of(2, 64), data));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new Tensor("plain", DType.F32, Shape.of(4, 4), data, Optional.of(scales)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Scales(DType.F32, 1, 32, few, Optional.of(data)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Scales(DType.Q8_0, 1, 32, few, Optional.empty()));
    }
  }
}
