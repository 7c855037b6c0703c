package dev.tonnage.kernel;

import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.kernel.vector.VectorKernels;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.provider.Arguments;

/** Levels, formats, and the weights and activations that tests make up. */
final class Samples {

  /** Where random numbers begin; failures name it, {@code -Dtonnage.seed} repeats them. */
  static final long SEED = Long.getLong("tonnage.seed", 20261122);

  /** The formats that have kernels. */
  static final List<DType> FORMATS =
      List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_K, DType.Q6_K);

  /** Every level that this JVM has, the specification first. */
  static final List<Kernels> LEVELS = List.of(new ScalarKernels(), new VectorKernels());

  static final Kernels SCALAR = LEVELS.getFirst();

  static final Kernels VECTOR = LEVELS.getLast();

  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Samples() {}

  /** For parameterized tests. */
  static List<Arguments> levels() {
    var levels = new ArrayList<Arguments>();
    for (Kernels level : LEVELS) {
      levels.add(Arguments.argumentSet(level.level().toString(), level));
    }
    return levels;
  }

  /** For parameterized tests. */
  static List<Arguments> levelsAndFormats() {
    var both = new ArrayList<Arguments>();
    for (Kernels level : LEVELS) {
      for (DType type : FORMATS) {
        both.add(Arguments.argumentSet(level.level() + " " + type, level, type));
      }
    }
    return both;
  }

  /** The reference outputs beside the project; they may be absent. */
  static Path shared() {
    return Path.of(System.getProperty("tonnage.root", ".."), "..", "shared");
  }

  /** Where a block keeps its half-precision scales. */
  static int[] scaleOffsets(DType type) {
    return switch (type) {
      case Q8_0 -> new int[] {0};
      case Q4_K -> new int[] {0, 2};
      case Q6_K -> new int[] {208};
      default -> new int[0];
    };
  }

  /** Random blocks with scales such as real weights have; some of them zero or subnormal. */
  static void fill(MemorySegment blocks, DType type, RandomGenerator random) {
    for (long at = 0; at < blocks.byteSize(); at++) {
      blocks.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    for (long at = 0; at < blocks.byteSize(); at += type.blockBytes()) {
      switch (type) {
        case F32 -> blocks.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) random.nextGaussian());
        case F16 -> blocks.set(HALF, at, Float.floatToFloat16((float) random.nextGaussian()));
        case BF16 ->
            blocks.set(
                HALF, at, (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
        default -> {
          for (int scale : scaleOffsets(type)) {
            blocks.set(HALF, at + scale, someScale(random));
          }
        }
      }
    }
  }

  private static short someScale(RandomGenerator random) {
    float usual = (random.nextFloat() - 0.5f) * 0.1f;
    return switch (random.nextInt(16)) {
      case 0 -> 0;
      case 1 -> (short) random.nextInt(0x400); // subnormal
      default -> Float.floatToFloat16(usual);
    };
  }

  /** A matrix of random blocks. */
  static Tensor tensor(Arena arena, DType type, long rows, long columns, RandomGenerator random) {
    MemorySegment data = arena.allocate(type.bytes(rows * columns), 64);
    fill(data, type, random);
    return new Tensor(type + ".weight", type, Shape.of(rows, columns), data);
  }

  /** Rows of zeros. */
  static Rows rows(Arena arena, int count, int width) {
    return new Rows(arena.allocate(Rows.bytes(count, width), 64), count, width);
  }

  /** Rows of random activations. */
  static Rows rows(Arena arena, int count, int width, RandomGenerator random) {
    Rows rows = rows(arena, count, width);
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < width; column++) {
        rows.set(row, column, (float) random.nextGaussian());
      }
    }
    return rows;
  }

  /** The numbers of a format at a level. */
  static float[] decode(Kernels level, DType type, MemorySegment blocks, int elements) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(4L * elements, 64);
      level
          .format(type)
          .orElseThrow()
          .decode(blocks.address(), elements, out.address(), scratch(arena, elements));
      return out.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** Scratch as the gate gives it for a row. */
  static long scratch(Arena arena, int elements) {
    return arena
        .allocate((long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(elements), 64)
        .address();
  }

  /** The bits of floats: what "the same" means for results. */
  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** The bits of all rows, paddings included. */
  static int[] bits(Rows rows) {
    return rows.data().toArray(ValueLayout.JAVA_INT);
  }
}
