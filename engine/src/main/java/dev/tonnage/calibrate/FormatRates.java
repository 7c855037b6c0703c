package dev.tonnage.calibrate;

import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.Phase;
import dev.tonnage.plan.Calibration;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What kernels reach with weights of a format: all of a piece of memory as a tall matrix for one
 * row, and a matrix as layers have them for many. Memory that others use, too, gives now more and
 * now less: what it gives is measured in between, and a rate is taken as a share of that.
 */
final class FormatRates {

  /** Numbers of a row: what large models have, in whole blocks of all formats. */
  private static final int COLUMNS = 4096;

  private static final int PROMPT_MATRIX_ROWS = 4096;

  /** A group of MLX's, and a block of FP8's scales. */
  private static final int GROUP = 64;

  private static final int BLOCK = 128;

  /** Repetitions of which the median counts. */
  private static final int REPETITIONS = 5;

  private final Cpu cpu;
  private final MemorySegment weights;
  private final List<Double> memoryRates = new ArrayList<>();

  /**
   * @param cpu what computes
   * @param weights bytes that are moderate numbers in every format, many times the last cache
   */
  FormatRates(Cpu cpu, MemorySegment weights) {
    this.cpu = cpu;
    this.weights = weights;
  }

  /**
   * What a format reaches.
   *
   * @param memoryShare of what memory gives, in generation
   * @param promptMultiplyAddsPerSecond see {@link Calibration.FormatRate}
   * @param expertMultiplyAddsPerSecond see there
   */
  record Rate(
      double memoryShare, double promptMultiplyAddsPerSecond, double expertMultiplyAddsPerSecond) {}

  /** Of a format. */
  Rate of(DType type) {
    int rows = Math.toIntExact(weights.byteSize() / 2 / type.bytes(COLUMNS));
    Tensor tall = matrix(type, rows);
    return new Rate(
        memoryShare(tall),
        multiplyAdds(type, Calibration.PROMPT_ROWS),
        multiplyAdds(type, Calibration.EXPERT_ROWS));
  }

  /**
   * What memory gave in the middle of all that was measured, in bytes a second.
   *
   * @param share of the readings that gave less: 0.5 for the median
   */
  double memoryBytesPerSecond(double share) {
    double[] sorted = memoryRates.stream().mapToDouble(each -> each).sorted().toArray();
    return sorted[(int) (share * (sorted.length - 1))];
  }

  /** Bytes a second of a matrix that the caches hold, for one row. */
  double cachedBytesPerSecond(DType type, int rows) {
    Tensor matrix = matrix(type, rows);
    try (Arena arena = Arena.ofConfined()) {
      Rows x = inputs(arena, 1);
      Rows y = rows(arena, 1, rows);
      return matrix.bytes()
          / Times.median(REPETITIONS, () -> cpu.multiply(matrix, x, y, Phase.GENERATION));
    }
  }

  private double memoryShare(Tensor tall) {
    int outputs = Math.toIntExact(tall.shape().rows());
    List<MemorySegment> memory = List.of(weights.asSlice(weights.byteSize() / 2));
    try (Arena arena = Arena.ofConfined()) {
      Rows x = inputs(arena, 1);
      Rows y = rows(arena, 1, outputs);
      List<Double> shares = new ArrayList<>();
      cpu.multiply(tall, x, y, Phase.GENERATION);
      for (int i = 0; i < REPETITIONS; i++) {
        double given = memory.getFirst().byteSize() / Times.seconds(() -> cpu.read(memory));
        double taken =
            tall.bytes() / Times.seconds(() -> cpu.multiply(tall, x, y, Phase.GENERATION));
        memoryRates.add(given);
        shares.add(taken / given);
      }
      return median(shares);
    }
  }

  /** With matrices that take turns, so that their weights come from memory as a model's do. */
  private double multiplyAdds(DType type, int count) {
    try (Arena arena = Arena.ofConfined()) {
      Rows x = inputs(arena, count);
      Rows y = rows(arena, count, PROMPT_MATRIX_ROWS);
      Tensor all = matrix(type, (REPETITIONS + 1) * PROMPT_MATRIX_ROWS);
      var turn = new AtomicInteger();
      Runnable multiply =
          () -> {
            int first = turn.getAndIncrement() * PROMPT_MATRIX_ROWS;
            cpu.multiply(all.rows(first, PROMPT_MATRIX_ROWS), x, y, Phase.PROMPT);
          };
      return (double) PROMPT_MATRIX_ROWS * COLUMNS * count / Times.median(REPETITIONS, multiply);
    }
  }

  private Tensor matrix(DType type, int rows) {
    Shape shape = Shape.of(rows, COLUMNS);
    return new Tensor(
        type.name(),
        type,
        shape,
        weights.asSlice(0, type.bytes(shape.elements())),
        type.needsScales() ? Optional.of(scales(type)) : Optional.empty());
  }

  /** In the second half of the memory. */
  private Scales scales(DType type) {
    MemorySegment half = weights.asSlice(weights.byteSize() / 2);
    return switch (type) {
      case E4M3 -> new Scales(DType.F32, BLOCK, BLOCK, half, Optional.empty());
      case E2M1 -> new Scales(DType.E8M0, 1, 32, half, Optional.empty());
      default -> new Scales(DType.BF16, 1, GROUP, half, Optional.of(half));
    };
  }

  private static Rows inputs(Arena arena, int count) {
    Rows x = rows(arena, count, COLUMNS);
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        x.set(row, column, (float) Math.sin(row + 0.1 * column));
      }
    }
    return x;
  }

  private static Rows rows(Arena arena, int count, int width) {
    return new Rows(arena.allocate(Rows.bytes(count, width), 64), count, width);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(each -> each).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
