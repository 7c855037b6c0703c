package dev.tonnage.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.kernel.asm.PlacedCode;
import dev.tonnage.os.ExecutableMemory.Refused;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Quantised activations against their definition, bit by bit. */
class QuantiseTest {

  private static final long SEED = Long.getLong("tonnage.seed", 20261126);

  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

  @BeforeEach
  void requireAvx2() throws Refused {
    String architecture = System.getProperty("os.arch");
    assumeTrue(architecture.equals("amd64") || architecture.equals("x86_64"), "no x86-64");
    assumeTrue(CpuFeatures.here().has(Feature.AVX2, Feature.FMA), "no AVX2");
  }

  static List<Offset> offsets() {
    return List.of(new Offset.Bias(128), new Offset.Bias(0), new Offset.Min());
  }

  /** Blocks of many magnitudes: halves, zeros, numbers that count as zeros, and no numbers. */
  private static float[] numbers(int blocks) {
    var random = new SplittableRandom(SEED);
    float[] x = new float[32 * blocks];
    for (int block = 0; block < blocks; block++) {
      int exponent = random.nextInt(-126, 120);
      for (int k = 0; k < 32; k++) {
        x[32 * block + k] =
            switch (block % 4) {
              case 0 -> k == 5 ? 127 : (k - 16) / 2f; // halves are rounded to even
              case 1 -> Math.scalb((float) random.nextGaussian(), exponent);
              case 2 -> (float) random.nextGaussian();
              default -> block == 3 ? 0 : random.nextFloat() * 1e-38f;
            };
      }
    }
    x[32 * 6 + 7] = Float.NaN;
    x[32 * 10 + 9] = Float.NEGATIVE_INFINITY;
    return x;
  }

  /** 32 numbers as they should become. */
  private record Block(List<Byte> bytes, float scale) {

    static Block of(float[] x, int first) {
      return of(x, first, first, 32);
    }

    /**
     * @param from where the numbers begin that share the scale
     * @param count how many these are
     */
    static Block of(float[] x, int first, int from, int count) {
      float most = 0;
      boolean isNumber = true;
      for (int k = from; k < from + count; k++) {
        most = Math.max(most, Math.abs(x[k]));
        isNumber &= Float.isFinite(x[k]);
      }
      float inverse = 127 / Math.max(most, 1e-36f);
      List<Byte> bytes = new ArrayList<>();
      for (int k = 0; isNumber && k < 32; k++) {
        bytes.add((byte) Math.rint(x[first + k] * inverse));
      }
      return new Block(bytes, most / 127);
    }

    /**
     * @param unit what floats are multiplied with
     */
    int correction(int first, int count, Offset offset, float unit) {
      int sum = 0;
      for (int k = first; k < first + count; k++) {
        sum += bytes.get(k);
      }
      return switch (offset) {
        case Offset.Bias(int bias) -> -bias * sum;
        case Offset.Min() -> Float.floatToRawIntBits(sum * unit);
      };
    }
  }

  private static void run(byte[] code, float[] x, int count, MemorySegment to) throws Refused {
    try (var placed = PlacedCode.place("quantise", code);
        Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(4L * x.length, 64);
      MemorySegment.copy(x, 0, from, ValueLayout.JAVA_FLOAT, 0, x.length);
      MemorySegment arguments = arena.allocate(Leaf.BLOCK_BYTES, 64);
      arguments.setAtIndex(ValueLayout.JAVA_LONG, 0, from.address());
      arguments.setAtIndex(ValueLayout.JAVA_LONG, 1, count);
      arguments.setAtIndex(ValueLayout.JAVA_LONG, 2, to.address());
      placed.run(arguments.address());
    }
  }

  /** A scale that is no number is any such one. */
  private static void assertSame(float expected, int bits, Object where) {
    Float found = Float.intBitsToFloat(bits);
    assertThat(found).as("%s, seed %d", where, SEED).isEqualTo(Float.valueOf(expected));
  }

  @ParameterizedTest
  @MethodSource("offsets")
  void blocksForPromptsAreTheirDefinition(Offset offset) throws Refused {
    float[] x = numbers(24);
    for (int span : new int[] {1, 2, 8}) {
      for (Grouping grouping : Grouping.values()) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment blocks = arena.allocate(24L * PromptBlock.BYTES, 64);
          run(QuantiseBlocks.code(grouping, offset, span), x, 24, blocks);
          for (int b = 0; b < 24; b++) {
            assertBlock(
                blocks.asSlice((long) b * PromptBlock.BYTES, PromptBlock.BYTES),
                Block.of(x, 32 * b, 32 * (b / span * span), 32 * span),
                grouping,
                offset,
                "block " + b + " of spans of " + span);
          }
        }
      }
    }
  }

  @Test
  void blocksForTilesWithBiasesHaveTheSumsOfBothSixteens() throws Refused {
    float[] x = numbers(24);
    Offset one = new Offset.Bias(1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment blocks = arena.allocate(24L * PromptBlock.BYTES, 64);
      run(QuantiseBlocks.codeWithSums(8), x, 24, blocks);
      for (int b = 0; b < 24; b++) {
        Block expected = Block.of(x, 32 * b, b / 8 * 256, 256);
        long at = (long) b * PromptBlock.BYTES;
        assertSame(expected.scale(), blocks.get(I32, at + PromptBlock.SCALE), b);
        if (Float.isFinite(expected.scale())) {
          int both = blocks.get(I32, at + PromptBlock.CORRECTIONS);
          assertThat((short) both).isEqualTo((short) expected.correction(0, 16, one, 1));
          assertThat(both >> 16).isEqualTo(expected.correction(16, 16, one, 1));
        }
      }
    }
  }

  private static void assertBlock(
      MemorySegment block, Block expected, Grouping grouping, Offset offset, String where) {
    assertSame(expected.scale(), block.get(I32, PromptBlock.SCALE), where);
    if (!Float.isFinite(expected.scale())) {
      return; // whatever it is multiplied with is none either
    }
    for (int k = 0; k < 32; k++) {
      assertThat(block.get(I8, k)).as("%s, %d", where, k).isEqualTo(expected.bytes().get(k));
    }
    int weights = grouping.weights();
    for (int group = 0; group < grouping.inBlock(); group++) {
      assertThat(block.get(I32, PromptBlock.CORRECTIONS + 4L * group))
          .as("%s, group %d, seed %d", where, group, SEED)
          .isEqualTo(expected.correction(group * weights, weights, offset, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("offsets")
  void recordsForGeneratedTokensAreTheirDefinition(Offset offset) throws Refused {
    float[] x = numbers(8 + 8 + 3);
    var orders = new ArrayList<int[]>(List.of(Avx2.groups(), Avx512.transposedGroups()));
    for (int[] groups : orders) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment records = arena.allocate(3L * ActivationRecord.BYTES, 64).fill((byte) 0x55);
        run(QuantiseRecords.code(groups, offset, 3), x, 2, records);
        for (int lane = 0; lane < 3 * 16; lane++) {
          MemorySegment record =
              records.asSlice(lane / 16 * (long) ActivationRecord.BYTES, ActivationRecord.BYTES);
          assertLane(record, lane % 16, x, lane / 16 * 256 + 16 * groups[lane % 16], offset);
        }
      }
    }
  }

  /** A lane has the sixteen numbers from {@code first} on, or zeros beyond the last. */
  private static void assertLane(
      MemorySegment record, int lane, float[] x, int first, Offset offset) {
    boolean isThere = first < x.length;
    Block block =
        isThere ? Block.of(x, first / 32 * 32) : new Block(Collections.nCopies(32, (byte) 0), 0);
    assertSame(block.scale(), record.get(I32, ActivationRecord.SCALES + 4L * lane), first);
    if (!Float.isFinite(block.scale())) {
      return;
    }
    for (int k = 0; k < 16; k++) {
      assertThat(record.get(I8, 64L * (k / 4) + 4L * lane + k % 4))
          .as("number %d, seed %d", first + k, SEED)
          .isEqualTo(block.bytes().get(first % 32 + k));
    }
    assertThat(record.get(I32, ActivationRecord.CORRECTIONS + 4L * lane))
        .as("group at %d, seed %d", first, SEED)
        .isEqualTo(block.correction(first % 32, 16, offset, block.scale()));
  }

  @Test
  void onlyTheNumberOfBlocksIsRead() throws Refused {
    float[] x = numbers(32);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment blocks = arena.allocate(3L * PromptBlock.BYTES, 64).fill((byte) 0x55);
      run(QuantiseBlocks.code(Grouping.OF_32, new Offset.Min(), 1), x, 2, blocks);
      assertThat(blocks.asSlice(2L * PromptBlock.BYTES).toArray(I8)).containsOnly(0x55);
    }
  }
}
