package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention through the cache against the textbook: all scores, softmax, mix. */
@Tag("width")
class AttentionTest {

  static List<Arguments> shapes() {
    var shapes =
        List.of(
            new AttentionShape(1, 1, 1, 1, DType.F32, 16, DType.F32, 16, 16),
            new AttentionShape(1, 1, 1, 1, DType.F16, 1, DType.F16, 1, 1),
            new AttentionShape(5, 5, 2, 3, DType.F16, 40, DType.F16, 24, 16),
            new AttentionShape(40, 1, 2, 2, DType.F16, 64, DType.F16, 64, 16),
            new AttentionShape(33, 9, 1, 5, DType.F32, 33, DType.F16, 17, 8),
            new AttentionShape(64, 20, 3, 1, DType.F16, 128, DType.F32, 128, 32),
            new AttentionShape(150, 150, 2, 2, DType.F16, 7, DType.F16, 100, 13),
            new AttentionShape(700, 3, 1, 8, DType.F32, 80, DType.F32, 80, 64),
            new AttentionShape(70, 9, 2, 4, DType.Q8_0, 64, DType.Q8_0, 32, 32),
            new AttentionShape(45, 45, 1, 3, DType.Q8_0, 128, DType.Q4_0, 96, 16),
            new AttentionShape(100, 1, 2, 2, DType.Q4_0, 32, DType.F16, 40, 32),
            new AttentionShape(31, 7, 2, 2, DType.F16, 20, DType.Q8_0, 64, 8),
            // what machine code is written for
            new AttentionShape(1, 1, 1, 1, DType.F16, 16, DType.F16, 16, 32),
            new AttentionShape(33, 33, 2, 4, DType.F16, 64, DType.F16, 64, 32),
            new AttentionShape(100, 40, 1, 7, DType.F16, 128, DType.F16, 128, 32),
            new AttentionShape(130, 3, 2, 13, DType.F32, 192, DType.F32, 80, 32),
            new AttentionShape(77, 1, 3, 1, DType.Q8_0, 96, DType.Q8_0, 32, 32),
            new AttentionShape(90, 11, 1, 5, DType.Q4_0, 64, DType.Q4_0, 160, 32),
            new AttentionShape(64, 64, 1, 2, DType.F16, 576, DType.F16, 512, 32),
            new AttentionShape(2200, 1, 1, 4, DType.F16, 64, DType.F16, 64, 32),
            new AttentionShape(1030, 9, 1, 3, DType.Q8_0, 32, DType.F16, 48, 32),
            // groups that are computed in parts
            new AttentionShape(70, 1, 1, 23, DType.F16, 32, DType.F16, 32, 32),
            new AttentionShape(40, 3, 1, 131, DType.F16, 16, DType.F32, 16, 32),
            new AttentionShape(1100, 1, 1, 16, DType.F16, 48, DType.F16, 32, 32),
            // chunks
            new AttentionShape(40, 7, 2, 3, DType.F32, 20, DType.F32, 24, 8).inChunksOf(5),
            new AttentionShape(150, 150, 1, 2, DType.F16, 32, DType.F16, 32, 32).inChunksOf(64),
            new AttentionShape(1100, 90, 1, 3, DType.F16, 32, DType.F16, 48, 32)
                .inChunksOf(1040)
                .sunk(),
            new AttentionShape(300, 1, 2, 8, DType.F16, 64, DType.F16, 64, 32).inChunksOf(299),
            // windows and sinks
            new AttentionShape(40, 7, 2, 3, DType.F32, 20, DType.F32, 24, 8).seeing(5),
            new AttentionShape(150, 150, 2, 2, DType.F16, 7, DType.F16, 100, 13).seeing(17).sunk(),
            new AttentionShape(45, 45, 1, 3, DType.Q8_0, 128, DType.Q4_0, 96, 16).sunk(),
            new AttentionShape(300, 300, 2, 8, DType.F16, 64, DType.F16, 64, 32).seeing(128).sunk(),
            new AttentionShape(300, 1, 2, 8, DType.F16, 64, DType.F16, 64, 32).seeing(1),
            new AttentionShape(700, 33, 1, 4, DType.F32, 32, DType.F32, 32, 32).seeing(33),
            new AttentionShape(2200, 3, 1, 4, DType.F16, 64, DType.Q8_0, 64, 32)
                .seeing(1100)
                .sunk(),
            new AttentionShape(1100, 90, 1, 3, DType.F16, 32, DType.F16, 48, 32).sunk(),
            // latent attention
            AttentionShape.latent(40, 7, 5, DType.F32, 20, 13, 8),
            AttentionShape.latent(33, 33, 3, DType.F16, 21, 10, 16),
            AttentionShape.latent(45, 2, 16, DType.F16, 576, 512, 32),
            AttentionShape.latent(1050, 1, 128, DType.F16, 576, 512, 32),
            AttentionShape.latent(100, 100, 4, DType.F16, 80, 48, 32),
            AttentionShape.latent(70, 9, 6, DType.Q8_0, 96, 64, 32).seeing(40).sunk(),
            AttentionShape.latent(35, 1, 8, DType.Q4_0, 288, 256, 32));
    var arguments = new ArrayList<Arguments>();
    for (Kernels level : Samples.LEVELS) {
      for (AttentionShape shape : shapes) {
        arguments.add(Arguments.argumentSet(level.level() + " " + shape, level, shape));
      }
    }
    return arguments;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void itMixesValuesByTheSoftmaxOfScores(Kernels level, AttentionShape s) {
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(level, 2)) {
      CacheSpan span = span(arena, s, random);
      Rows keys = Samples.rows(arena, s.tokens(), s.keyHeads() * s.keyWidth(), random);
      Rows values = Samples.rows(arena, s.tokens(), s.keyHeads() * s.valueWidth(), random);
      switch (s.valuePlace()) {
        case BESIDE_KEYS -> cpu.store(keys, values, span, 0);
        case END_OF_KEYS -> {
          int before = s.keyWidth() - s.valueWidth();
          cpu.copy(List.of(new ColumnCopy(keys, before, values, 0, s.valueWidth())));
          cpu.store(keys, span, 0);
        }
      }
      int heads = s.keyHeads() * s.group();
      Rows q = Samples.rows(arena, s.queries(), heads * s.keyWidth(), random);
      Rows out = Samples.rows(arena, s.queries(), heads * s.valueWidth());
      AttentionRule rule = s.rule(arena, random);
      int first = s.tokens() - s.queries();
      cpu.attend(q, span, first, rule, out);
      var call = new AttentionCall(q, span, first, rule, out, s.group());
      boolean rounds = level.attention(call, 2) instanceof TwoSweepAttention;
      TextbookAttention.of(arena, s, rule, rounds, q, keys, values).check(out);
    }
  }

  /** Blocks scattered over a pool that is full of something else. */
  private static CacheSpan span(Arena arena, AttentionShape s, SplittableRandom random) {
    long keyOffset = 3;
    long keyBytes = s.keyType().bytes(s.keyWidth()) * s.keyHeads() * s.blockTokens();
    long valueOffset =
        switch (s.valuePlace()) {
          case BESIDE_KEYS -> keyOffset + keyBytes + 5;
          case END_OF_KEYS -> keyOffset + s.keyType().bytes(s.keyWidth() - s.valueWidth());
        };
    long valueBytes = s.valueType().bytes(s.valueWidth()) * s.keyHeads() * s.blockTokens();
    long blockBytes = Math.max(valueOffset + valueBytes, keyOffset + keyBytes);
    int blocks = (s.tokens() + s.blockTokens() - 1) / s.blockTokens();
    MemorySegment pool = arena.allocate(blockBytes * blocks);
    for (long at = 0; at < pool.byteSize(); at++) {
      pool.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    var table = new BlockTable();
    for (int block = blocks - 1; block >= 0; block--) {
      table.append(pool.asSlice(block * blockBytes, blockBytes));
    }
    return new CacheSpan(
        table,
        s.blockTokens(),
        s.keyHeads(),
        s.keyType(),
        s.keyWidth(),
        keyOffset,
        s.valueType(),
        s.valueWidth(),
        valueOffset);
  }

  /** Long sequences are split over the team where there are few heads, or not. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void whoeverComputesTheSegmentsOfALongSequenceTheBitsAreTheSame(Kernels level) {
    var whole = new AttentionShape(4097, 3, 3, 5, DType.F16, 32, DType.Q8_0, 64, 32);
    for (AttentionShape shape :
        List.of(whole, whole.sunk(), whole.seeing(1500).sunk(), whole.seeing(40))) {
      theBitsAreTheSame(level, shape);
    }
  }

  private static void theBitsAreTheSame(Kernels level, AttentionShape shape) {
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofShared()) {
      AttentionRule rule = shape.rule(arena, random);
      CacheSpan span = span(arena, shape, random);
      Rows keys = Samples.rows(arena, shape.tokens(), 3 * 32, random);
      Rows values = Samples.rows(arena, shape.tokens(), 3 * 64, random);
      Rows q = Samples.rows(arena, 3, 15 * 32, random);
      Rows expected = Samples.rows(arena, 3, 15 * 64);
      try (var cpu = new Cpu(level, 1)) {
        cpu.store(keys, values, span, 0);
        cpu.attend(q, span, 4094, rule, expected);
      }
      for (int threads : new int[] {2, 3, 5}) {
        try (var cpu = new Cpu(level, threads)) {
          for (int chunk = 1; chunk <= 3; chunk++) {
            Rows found = Samples.rows(arena, 3, 15 * 64);
            for (int first = 0; first < 3; first += chunk) {
              int n = Math.min(chunk, 3 - first);
              cpu.attend(q.slice(first, n), span, 4094 + first, rule, found.slice(first, n));
            }
            assertThat(Samples.bits(found))
                .as("%s: %d threads, chunks of %d", shape, threads, chunk)
                .isEqualTo(Samples.bits(expected));
          }
        }
      }
    }
  }

  /** A large group is computed in parts where threads are many. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void whoeverComputesThePartsOfAGroupTheBitsAreTheSame(Kernels level) {
    var random = new SplittableRandom(Samples.SEED);
    AttentionShape shape = AttentionShape.latent(1100, 1, 29, DType.F16, 80, 64, 32);
    try (Arena arena = Arena.ofShared()) {
      CacheSpan span = span(arena, shape, random);
      Rows q = Samples.rows(arena, 1, 29 * 80, random);
      Rows expected = Samples.rows(arena, 1, 29 * 64);
      try (var cpu = new Cpu(level, 1)) {
        cpu.store(Samples.rows(arena, shape.tokens(), 80, random), span, 0);
        cpu.attend(q, span, 1099, AttentionRule.full(0.25f), expected);
      }
      for (int threads = 2; threads < 9; threads++) {
        try (var cpu = new Cpu(level, threads)) {
          Rows found = Samples.rows(arena, 1, 29 * 64);
          cpu.attend(q, span, 1099, AttentionRule.full(0.25f), found);
          assertThat(Samples.bits(found))
              .as("%d threads", threads)
              .isEqualTo(Samples.bits(expected));
        }
      }
    }
  }

  /** The cache's only block ends where there is no memory, and so does everything else. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void nothingBesideTheCacheAndTheResultsIsReadOrWritten(Kernels level) throws IOException {
    var random = new SplittableRandom(Samples.SEED);
    for (DType type : List.of(DType.F16, DType.F32, DType.Q8_0, DType.Q4_0)) {
      long bytes = 2 * type.bytes(64) * 32;
      try (var cache = new Cliff(bytes);
          var queries = new Cliff(64 << 10);
          var scratch = new Cliff(4 << 20);
          var results = new Cliff(64 << 10);
          Arena arena = Arena.ofConfined();
          var cpu = new Cpu(level, 1)) {
        var table = new BlockTable();
        table.append(cache.last(bytes));
        var span = new CacheSpan(table, 32, 1, type, 64, 0, type, 64, bytes / 2);
        Rows kv = Samples.rows(arena, 32, 64, random);
        cpu.store(kv, kv, span, 0);
        for (int rows = 1; rows <= 32; rows += 3) {
          Rows q = new Rows(queries.last(Rows.bytes(rows, 4 * 64)), rows, 4 * 64);
          q.data().copyFrom(Samples.rows(arena, rows, 4 * 64, random).data());
          Rows out = new Rows(results.last(Rows.bytes(rows, 4 * 64)), rows, 4 * 64);
          AttentionWork work =
              level.attention(
                  new AttentionCall(q, span, 32 - rows, AttentionRule.full(0.125f), out, 4), 1);
          for (int task = 0; task < work.tasks(); task++) {
            work.run(task, scratch.last(work.scratchBytes()).address(), 0);
          }
          assertThat(results.untouchedBefore(out.data().byteSize())).isTrue();
          assertThat(scratch.untouchedBefore(work.scratchBytes())).isTrue();
          Rows expected = Samples.rows(arena, rows, 4 * 64);
          cpu.attend(q, span, 32 - rows, AttentionRule.full(0.125f), expected);
          assertThat(Samples.bits(out)).isEqualTo(Samples.bits(expected));
          scratch.restore(work.scratchBytes());
        }
      }
    }
  }

  /** Scores of ±3,000 would overflow an exponential that did not subtract the greatest. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void enormousScoresPickTheirValue(Kernels level) {
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(level, 1)) {
      var shape = new AttentionShape(20, 1, 1, 1, DType.F32, 2, DType.F32, 3, 4);
      CacheSpan span = span(arena, shape, new SplittableRandom(Samples.SEED));
      Rows keys = Samples.rows(arena, 20, 2);
      Rows values = Samples.rows(arena, 20, 3);
      for (int t = 0; t < 20; t++) {
        keys.set(t, 0, t == 13 ? 3000 : -150 * t);
        values.setRow(t, new float[] {t, -t, 1});
      }
      cpu.store(keys, values, span, 0);
      Rows q = Samples.rows(arena, 1, 2);
      q.set(0, 0, 1);
      Rows out = Samples.rows(arena, 1, 3);
      cpu.attend(q, span, 19, AttentionRule.full(1f), out);
      assertThat(out.toArray(0)).containsExactly(13f, -13f, 1f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void nothingBesideABlockIsReadOrWritten(Kernels level) throws IOException {
    var random = new SplittableRandom(Samples.SEED);
    try (var queries = new Cliff(4096);
        var keys = new Cliff(16 << 10);
        var values = new Cliff(16 << 10);
        var states = new Cliff(4096);
        var scores = new Cliff(4096);
        Arena arena = Arena.ofConfined()) {
      for (int tokens = 1; tokens <= 33; tokens++) {
        Rows q = Samples.rows(arena, 2, 40, random);
        Rows k = Samples.rows(arena, tokens, 40, random);
        Rows v = Samples.rows(arena, tokens, 24, random);
        long mixedBytes = 4L * 2 * v.stride();
        MemorySegment mixed = states.last(mixedBytes).fill((byte) 0);
        long headBytes = 4L * Rows.padded(tokens);
        MemorySegment own = scores.last(2 * headBytes);
        level.scores(
            queries.last(q.data()).address(),
            2,
            keys.last(k.data()).address(),
            k.stride(),
            tokens,
            own.address(),
            headBytes);
        level.softmax(own.address() + headBytes, tokens);
        level.softmax(own.address(), tokens);
        level.mix(
            own.address(),
            headBytes,
            2,
            values.last(v.data()).address(),
            v.stride(),
            tokens,
            mixed.address());
        assertThat(states.untouchedBefore(mixedBytes)).as("%d tokens", tokens).isTrue();
        assertThat(scores.untouchedBefore(2 * headBytes)).as("%d tokens", tokens).isTrue();
        assertThat(keys.untouchedBefore(k.data().byteSize())).as("%d tokens", tokens).isTrue();
        assertThat(values.untouchedBefore(v.data().byteSize())).as("%d tokens", tokens).isTrue();
      }
    }
  }
}
