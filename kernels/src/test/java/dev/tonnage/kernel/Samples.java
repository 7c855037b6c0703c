package dev.tonnage.kernel;

import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.kernel.vector.VectorKernels;
import dev.tonnage.kernel.x86.CpuFeatures;
import dev.tonnage.kernel.x86.Feature;
import dev.tonnage.kernel.x86.Kernels256;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Levels, formats, and the weights and activations that tests make up. */
final class Samples {

  /** Where random numbers begin; failures name it, {@code -Dtonnage.seed} repeats them. */
  static final long SEED = Long.getLong("tonnage.seed", 20261122);

  /** The formats that have kernels. */
  static final List<DType> FORMATS =
      Arrays.stream(DType.values())
          .filter(type -> new ScalarKernels().format(type).isPresent())
          .toList();

  /** Every level that this JVM has, the specification first. */
  static final List<Kernels> LEVELS = KernelChoice.levels().stream().map(KernelChoice::at).toList();

  static final Kernels SCALAR = new ScalarKernels();

  static final Kernels VECTOR = new VectorKernels();

  /** The levels of machine code, in every variant that this processor can run. */
  static final List<Kernels> CODE = code();

  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Samples() {}

  private static List<Kernels> code() {
    var code = new ArrayList<Kernels>();
    CpuFeatures cpu = Platform.here().cpu().orElse(CpuFeatures.of());
    for (Kernels level : LEVELS) {
      switch (level.level()) {
        case SCALAR, VECTOR -> {}
        case AVX512 -> code.add(level);
        case AVX2 -> {
          code.add(level);
          if (cpu.has(Feature.AVX_VNNI)) {
            code.add(new Kernels256(cpu.without(Feature.AVX_VNNI), SCALAR));
          }
        }
      }
    }
    return List.copyOf(code);
  }

  /** For parameterized tests: levels, and machine code in every variant. */
  static List<Arguments> variants() {
    return Stream.concat(LEVELS.stream(), CODE.stream())
        .distinct()
        .<Arguments>map(level -> Arguments.argumentSet(level.description(), level))
        .toList();
  }

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
      case Q8_0, Q4_0, Q5_0, IQ4_NL, IQ4_XS -> new int[] {0};
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S -> new int[] {0};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
      case Q2_K -> new int[] {80, 82};
      case Q3_K -> new int[] {108};
      case Q6_K -> new int[] {208};
      case TQ1_0 -> new int[] {52};
      case TQ2_0 -> new int[] {64};
      // floats have none; the others' are no halves, or lie in pieces
      case F32, F16, BF16, MXFP4, NVFP4, IQ1_M -> new int[0];
      case U2, U3, U4, U5, U6, U8, E2M1, E4M3, E8M0 -> new int[0];
      case Q8_1, Q8_K, I8, I16, I32, I64, F64 -> throw new IllegalArgumentException("no kernels");
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
          for (int scale = 0; scale < scales(type); scale++) {
            setScale(blocks, type, at, scale, someScale(random));
          }
        }
      }
    }
  }

  /** How many scales a block has that are of no other scale's units. */
  static int scales(DType type) {
    return switch (type) {
      case MXFP4, IQ1_M -> 1;
      case NVFP4 -> 4;
      default -> scaleOffsets(type).length;
    };
  }

  /**
   * Gives a block a scale.
   *
   * @param at where the block begins
   * @param index which of its scales
   * @param half the scale in half precision; a format that has none takes the nearest it has
   */
  static void setScale(MemorySegment blocks, DType type, long at, int index, short half) {
    switch (type) {
      case MXFP4 -> blocks.set(ValueLayout.JAVA_BYTE, at, exponent(half));
      case NVFP4 -> blocks.set(ValueLayout.JAVA_BYTE, at + index, smallFloat(half));
      case IQ1_M -> {
        for (int quarter = 0; quarter < 4; quarter++) {
          long word = at + 48 + 2L * quarter;
          int low = blocks.get(HALF, word) & 0xfff;
          blocks.set(HALF, word, (short) (low | ((half >> (4 * quarter)) << 12)));
        }
      }
      default -> blocks.set(HALF, at + scaleOffsets(type)[index], half);
    }
  }

  /** The exponent of a half in the units of MXFP4, which has no sign. */
  private static byte exponent(short half) {
    int exponent = (half >> 10) & 31;
    return (byte) (exponent == 31 ? 255 : exponent == 0 ? half & 1 : exponent - 15 + 127);
  }

  /** The upper bits of a half as an unsigned float of four bits of exponent, three of fraction. */
  private static byte smallFloat(short half) {
    return (byte) (half >> 7 & 0x7f);
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
