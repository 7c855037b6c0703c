package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gate: what it computes, and what it refuses before an address leaves it. */
class CpuTest {

  private final Arena arena = Arena.ofShared();
  private final Cpu cpu = new Cpu(Samples.VECTOR, 2);
  private final SplittableRandom random = new SplittableRandom(Samples.SEED);

  @AfterEach
  void close() {
    cpu.close();
    arena.close();
  }

  private static void refused(ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call);
  }

  private Rows rows(int count, int width) {
    return Samples.rows(arena, count, width, random);
  }

  @ParameterizedTest
  @EnumSource
  void aProductIsEveryRowTimesEveryToken(Phase phase) {
    for (DType type : Samples.FORMATS) {
      int inputs = type.blockElements() == 1 ? 309 : 512;
      Tensor w = Samples.tensor(arena, type, 131, inputs, random);
      Rows x = rows(6, inputs);
      Rows y = rows(6, 131);
      cpu.multiply(w, x, y, phase);
      for (int row = 0; row < 131; row++) {
        MemorySegment blocks = w.data().asSlice(row * w.rowBytes(), w.rowBytes());
        float[] weights = Samples.decode(Samples.SCALAR, type, blocks, inputs);
        for (int token = 0; token < 6; token++) {
          double expected = 0;
          for (int k = 0; k < inputs; k++) {
            expected += (double) weights[k] * x.get(token, k);
          }
          double magnitude = Tolerance.magnitude(type, blocks, inputs, x.toArray(token));
          assertThat((double) y.get(token, row))
              .as("%s row %d, token %d, seed %d", type, row, token, Samples.SEED)
              .isCloseTo(expected, within(Tolerance.ofDot(type, Rows.padded(inputs), magnitude)));
        }
      }
    }
  }

  @Test
  void gatheredRowsAreThoseOfTheTable() {
    for (DType type : Samples.FORMATS) {
      int width = type.blockElements() == 1 ? 41 : 256;
      Tensor table = Samples.tensor(arena, type, 9, width, random);
      Rows out = rows(4, width);
      int[] ids = {8, 0, 3, 3};
      cpu.gather(table, ids, out);
      for (int i = 0; i < ids.length; i++) {
        MemorySegment row = table.data().asSlice(ids[i] * table.rowBytes(), table.rowBytes());
        assertThat(Samples.bits(out.toArray(i)))
            .isEqualTo(Samples.bits(Samples.decode(Samples.SCALAR, type, row, width)));
      }
    }
  }

  @Test
  void headsAreNormedOneByOne() {
    for (int width : new int[] {5, 16, 22, 64}) {
      Rows x = rows(3, 4 * width);
      Rows weight = rows(1, width);
      Rows expected = rows(12, width);
      for (int head = 0; head < 12; head++) {
        float[] row = x.toArray(head / 4);
        int from = head % 4 * width;
        expected.setRow(head, Arrays.copyOfRange(row, from, from + width));
      }
      cpu.rmsNorm(expected, weight, 1e-5f, expected);
      cpu.rmsNormHeads(x, 4, weight, 1e-5f);
      for (int head = 0; head < 12; head++) {
        int from = head % 4 * width;
        assertThat(Arrays.copyOfRange(x.toArray(head / 4), from, from + width))
            .isEqualTo(expected.toArray(head));
      }
    }
  }

  /** Rows whose memory has a pattern around it, and what is checked of them afterwards. */
  private static final class Fenced {

    private static final int FENCE = 4096;
    private final MemorySegment all;
    final Rows rows;

    Fenced(Arena arena, Rows content) {
      all = arena.allocate(content.data().byteSize() + 2 * FENCE, 64).fill((byte) 0x77);
      MemorySegment inner = all.asSlice(FENCE, content.data().byteSize());
      rows = new Rows(inner.copyFrom(content.data()), content.count(), content.width());
    }

    void check(String operation) {
      byte[] bytes = all.toArray(ValueLayout.JAVA_BYTE);
      for (int at = 0; at < FENCE; at++) {
        assertThat(bytes[at]).as(operation).isEqualTo((byte) 0x77);
        assertThat(bytes[bytes.length - 1 - at]).as(operation).isEqualTo((byte) 0x77);
      }
      int[] bits = Samples.bits(rows);
      for (int row = 0; row < rows.count(); row++) {
        int from = row * rows.stride();
        assertThat(Arrays.copyOfRange(bits, from + rows.width(), from + rows.stride()))
            .as("padding after %s", operation)
            .isEqualTo(new int[rows.stride() - rows.width()]);
      }
    }
  }

  @Test
  void nothingBesideAResultIsWrittenAndPaddingStaysZero() {
    for (int width : new int[] {1, 15, 16, 17, 70, 133}) {
      Rows x = rows(5, width);
      Rows weight = rows(1, width);
      var y = new Fenced(arena, rows(5, width));
      cpu.rmsNorm(x, weight, 1e-5f, y.rows);
      y.check("rmsNorm " + width);
      cpu.swiGlu(y.rows, x);
      y.check("swiGlu " + width);
      cpu.add(y.rows, x);
      y.check("add " + width);
      cpu.add(y.rows, weight);
      y.check("add of one " + width);
      cpu.rmsNormHeads(y.rows, 1, weight, 1e-5f);
      y.check("rmsNormHeads " + width);
      cpu.layerNorm(y.rows, 1, weight, 1e-5f);
      y.check("layerNorm " + width);
      cpu.scale(y.rows, 0.5f);
      y.check("scale " + width);
      cpu.pick(x, new int[] {4, 0, 0, 2, 1}, y.rows);
      y.check("pick " + width);
      cpu.copy(List.of(new ColumnCopy(x, 0, y.rows, 0, width)));
      y.check("copy " + width);
      cpu.addAt(x, new int[] {4, 0, 0, 2, 1}, new float[] {1, 2, 3, 4, 5}, y.rows);
      y.check("addAt " + width);
      cpu.gather(Samples.tensor(arena, DType.F16, 5, width, random), new int[5], y.rows);
      y.check("gather " + width);
      for (Phase phase : Phase.values()) {
        cpu.multiply(
            Samples.tensor(arena, DType.F16, width, 50, random), rows(5, 50), y.rows, phase);
        y.check("multiply " + phase + " " + width);
      }
      for (Pairing pairing : Pairing.values()) {
        cpu.rotate(y.rows, 1, rows(5, Math.max(1, width / 2 * 2)), pairing);
        y.check("rotate " + width);
      }
      var blocks = new BlockTable();
      blocks.append(arena.allocate(4096).fill((byte) 0));
      var span = new CacheSpan(blocks, 5, 1, DType.F16, width, 0, DType.F16, width, 2048);
      cpu.store(x, x, span, 0);
      cpu.attend(x, span, 0, AttentionRule.full(1), y.rows);
      y.check("attend " + width);
    }
  }

  @Test
  void layerNormIsWhatIsLeftOfTheMeanOverTheDeviation() {
    for (int heads : new int[] {1, 3}) {
      Rows x = rows(4, heads * 21);
      Rows weight = rows(heads, 21);
      float[][] before = {x.toArray(0), x.toArray(1), x.toArray(2), x.toArray(3)};
      cpu.layerNorm(x, heads, weight, 0.125f);
      for (int row = 0; row < 4; row++) {
        for (int head = 0; head < heads; head++) {
          float[] own = Arrays.copyOfRange(before[row], 21 * head, 21 * head + 21);
          double mean = IntStream.range(0, 21).mapToDouble(i -> own[i]).average().orElseThrow();
          double variance =
              IntStream.range(0, 21).mapToDouble(i -> Math.pow(own[i] - mean, 2)).sum() / 21;
          for (int i = 0; i < 21; i++) {
            double expected = (own[i] - mean) / Math.sqrt(variance + 0.125) * weight.get(head, i);
            assertThat((double) x.get(row, 21 * head + i)).isCloseTo(expected, within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void onlyTheStoredPositionsOfThePoolAreWritten() {
    var blocks = new BlockTable();
    MemorySegment pool = arena.allocate(2000).fill((byte) 0x77);
    blocks.append(pool.asSlice(1000, 500));
    blocks.append(pool.asSlice(10, 500));
    var span = new CacheSpan(blocks, 4, 2, DType.F16, 3, 8, DType.F32, 5, 100);
    cpu.store(rows(3, 6), rows(3, 10), span, 3);
    boolean[] written = new boolean[2000];
    for (int position = 3; position < 6; position++) {
      for (int head = 0; head < 2; head++) {
        int key = (int) (span.key(position, head) - pool.address());
        int value = (int) (span.value(position, head) - pool.address());
        Arrays.fill(written, key, key + 6, true);
        Arrays.fill(written, value, value + 20, true);
      }
    }
    byte[] bytes = pool.toArray(ValueLayout.JAVA_BYTE);
    for (int at = 0; at < bytes.length; at++) {
      if (!written[at]) {
        assertThat(bytes[at]).as("byte %d", at).isEqualTo((byte) 0x77);
      }
    }
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    Tensor w = Samples.tensor(arena, DType.F16, 10, 20, random);
    for (Phase phase : Phase.values()) {
      refused(() -> cpu.multiply(w, rows(2, 19), rows(2, 10), phase));
      refused(() -> cpu.multiply(w, rows(2, 20), rows(2, 11), phase));
      refused(() -> cpu.multiply(w, rows(2, 20), rows(3, 10), phase));
    }
    refused(() -> cpu.gather(w, new int[] {0, 10}, rows(2, 20)));
    refused(() -> cpu.gather(w, new int[] {0, -1}, rows(2, 20)));
    refused(() -> cpu.gather(w, new int[] {0}, rows(2, 20)));
    refused(() -> cpu.gather(w, new int[] {0, 1}, rows(2, 21)));
    refused(() -> cpu.add(rows(3, 8), rows(3, 9)));
    refused(() -> cpu.add(rows(3, 8), rows(2, 8)));
    refused(() -> cpu.rmsNorm(rows(2, 8), rows(2, 8), 0, rows(2, 8)));
    refused(() -> cpu.rmsNorm(rows(2, 8), rows(1, 9), 0, rows(2, 8)));
    refused(() -> cpu.rmsNorm(rows(2, 8), rows(1, 8), 0, rows(3, 8)));
    refused(() -> cpu.rmsNorm(rows(2, 8), rows(1, 8), 0, rows(2, 7)));
    refused(() -> cpu.rmsNormHeads(rows(2, 8), 2, rows(1, 3), 0));
    refused(() -> cpu.rmsNormHeads(rows(2, 8), 0, rows(1, 8), 0));
    refused(() -> cpu.rmsNormHeads(rows(2, 8), 2, rows(2, 4), 0));
    Tensor f16 = Samples.tensor(arena, DType.F16, 10, 16, random);
    List<RowProducts> widths =
        List.of(
            new RowProducts(rows(2, 20), List.of(new Product(w, rows(2, 10)))),
            new RowProducts(rows(2, 16), List.of(new Product(f16, rows(2, 10)))));
    refused(() -> cpu.multiply(widths, Phase.PROMPT));
    refused(() -> cpu.layerNorm(rows(2, 8), 2, rows(3, 4), 0));
    refused(() -> cpu.layerNorm(rows(2, 8), 3, rows(1, 4), 0));
    refused(() -> cpu.layerNorm(rows(2, 8), 0, rows(1, 8), 0));
    refused(() -> cpu.swiGlu(rows(2, 8), rows(2, 7)));
    refused(() -> cpu.swiGlu(rows(2, 8), rows(1, 8)));
    refused(() -> cpu.clampedSwiGlu(rows(2, 8), rows(1, 8)));
    refused(() -> cpu.rotate(rows(2, 8), 3, rows(2, 2), Pairing.HALVES));
    refused(() -> cpu.rotate(rows(2, 8), 2, rows(2, 6), Pairing.ADJACENT));
    refused(() -> cpu.rotate(rows(2, 8), 2, rows(1, 4), Pairing.ADJACENT));
    refused(() -> cpu.rotate(rows(2, 8), 0, rows(2, 2), Pairing.ADJACENT));
    refused(() -> cpu.rotate(rows(2, 8), -1, rows(2, 2), Pairing.ADJACENT));
  }

  private static CacheSpan span(MemorySegment... segments) {
    var blocks = new BlockTable();
    for (MemorySegment segment : segments) {
      blocks.append(segment);
    }
    return new CacheSpan(blocks, 4, 2, DType.F16, 3, 0, DType.F32, 5, 64); // 224 bytes a block
  }

  @Test
  void positionsOutsideOfTheBlocksAndBlocksThatCannotBeWrittenAreRefused() {
    MemorySegment block = arena.allocate(224);
    CacheSpan fits = span(block, arena.allocate(224));
    cpu.store(rows(8, 6), rows(8, 10), fits, 0);
    cpu.attend(rows(1, 12), fits, 7, AttentionRule.full(1), rows(1, 20));
    refusedByStoreAndAttend(fits, 8);
    refusedByStoreAndAttend(fits, -1);
    refusedByStoreAndAttend(fits, Integer.MIN_VALUE);
    refusedByStoreAndAttend(fits, Integer.MAX_VALUE);
    refusedByStoreAndAttend(span(), 0);
    refusedByStoreAndAttend(span(arena.allocate(223)), 0);
    refusedByStoreAndAttend(span(block, arena.allocate(223)), 0);
    refusedByStoreAndAttend(span(block.asReadOnly()), 0);
    refusedByStoreAndAttend(span(MemorySegment.ofArray(new byte[1000])), 0);
  }

  @Test
  void blocksThatAreGoneMayNotBeSeen() {
    CacheSpan span = span(arena.allocate(224), arena.allocate(224), arena.allocate(224));
    cpu.store(rows(12, 6), rows(12, 10), span, 0);
    span.blocks().removeFirst();
    refused(() -> cpu.store(rows(1, 6), rows(1, 10), span, 3));
    var window = new AttentionRule(1, new Reach.Window(5), Optional.empty());
    cpu.attend(rows(4, 12), span, 8, window, rows(4, 20));
    refused(() -> cpu.attend(rows(1, 12), span, 7, window, rows(1, 20)));
    refused(() -> cpu.attend(rows(1, 12), span, 8, AttentionRule.full(1), rows(1, 20)));
  }

  private void refusedByStoreAndAttend(CacheSpan span, int position) {
    refused(() -> cpu.store(rows(1, 6), rows(1, 10), span, position));
    refused(() -> cpu.attend(rows(1, 12), span, position, AttentionRule.full(1), rows(1, 20)));
  }

  @Test
  void keysAndQueriesOfAnotherShapeAreRefused() {
    CacheSpan span = span(arena.allocate(1000));
    refused(() -> cpu.store(rows(1, 7), rows(1, 10), span, 0));
    refused(() -> cpu.store(rows(1, 6), rows(1, 11), span, 0));
    refused(() -> cpu.store(rows(1, 6), rows(2, 10), span, 0));
    refused(() -> cpu.attend(rows(1, 9), span, 0, AttentionRule.full(1), rows(1, 15)));
    refused(() -> cpu.attend(rows(1, 12), span, 0, AttentionRule.full(1), rows(1, 10)));
    refused(() -> cpu.attend(rows(2, 12), span, 0, AttentionRule.full(1), rows(1, 20)));
  }

  @Test
  void aSpanThatMakesNoSenseIsRefused() {
    var blocks = new BlockTable();
    var type = DType.F16;
    refused(() -> new CacheSpan(blocks, 0, 2, type, 3, 0, type, 5, 64));
    refused(() -> new CacheSpan(blocks, 4, 0, type, 3, 0, type, 5, 64));
    refused(() -> new CacheSpan(blocks, 4, 2, type, -3, 0, type, 5, 64));
    refused(() -> new CacheSpan(blocks, 4, 2, type, 3, 0, type, 0, 64));
    refused(() -> new CacheSpan(blocks, 4, 2, type, 3, -8, type, 5, 64));
    refused(() -> new CacheSpan(blocks, 4, 2, type, 3, 0, type, 5, -1));
    blocks.append(arena.allocate(1000));
    var far = new CacheSpan(blocks, 4, 2, type, 3, Long.MAX_VALUE, type, 5, 64);
    assertThatThrownBy(() -> cpu.store(rows(1, 6), rows(1, 10), far, 0))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void memoryThatWasGivenBackIsRefused() {
    Rows x = rows(1, 8);
    Tensor gone;
    Rows goneRows;
    CacheSpan goneSpan;
    try (Arena brief = Arena.ofShared()) {
      gone = Samples.tensor(brief, DType.F32, 8, 8, random);
      goneRows = Samples.rows(brief, 1, 8, random);
      goneSpan = span(brief.allocate(1000));
    }
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> cpu.multiply(gone, x, x, Phase.PROMPT),
          () -> cpu.gather(gone, new int[1], x),
          () -> cpu.add(x, goneRows),
          () -> cpu.rmsNorm(x, x, 0, goneRows),
          () -> cpu.swiGlu(goneRows, x),
          () -> cpu.rotate(x, 1, goneRows, Pairing.HALVES),
          () -> cpu.store(rows(1, 6), rows(1, 10), goneSpan, 0),
          () -> cpu.attend(rows(1, 12), goneSpan, 0, AttentionRule.full(1), rows(1, 20))
        }) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("given back");
    }
  }

  @Test
  void aTypeWithoutKernelsIsRefusedByItsName() {
    var w = new Tensor("blk.0.attn_q.weight", DType.Q8_K, Shape.of(1, 256), arena.allocate(292));
    assertThat(cpu.supports(DType.Q8_K)).isFalse();
    assertThatThrownBy(() -> cpu.multiply(w, rows(1, 256), rows(1, 1), Phase.PROMPT))
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContainingAll("blk.0.attn_q.weight", "Q8_K");
    for (DType type : Samples.FORMATS) {
      assertThat(cpu.supports(type)).as("%s", type).isTrue();
    }
    assertThat(Arrays.stream(DType.values()).filter(cpu::supportsCache))
        .containsExactly(DType.F32, DType.F16, DType.Q4_0, DType.Q8_0);
  }

  @Test
  void scratchGrowsToTheLargestOperationAndNoFurther() {
    Tensor w = Samples.tensor(arena, DType.Q8_0, 64, 1024, random);
    Rows x = rows(3, 1024);
    Rows y = rows(3, 64);
    assertThat(cpu.scratchBytes()).isZero();
    cpu.multiply(w, x, y, Phase.PROMPT);
    long bytes = cpu.scratchBytes();
    assertThat(bytes).isBetween(2L * 4 * 1024, 2L << 20);
    for (int i = 0; i < 10; i++) {
      cpu.multiply(w, x, y, Phase.PROMPT);
      cpu.multiply(w, x, y, Phase.GENERATION);
    }
    assertThat(cpu.scratchBytes()).isEqualTo(bytes);
    assertThat(cpu.description()).contains("2 threads");
  }
}
