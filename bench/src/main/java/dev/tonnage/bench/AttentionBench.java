package dev.tonnage.bench;

import dev.tonnage.kernel.AttentionRule;
import dev.tonnage.kernel.BlockTable;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Attention of one layer over 4,096 tokens in halves, 32 query heads on 8 key/value heads of 128
 * (the shape of Llama 3 8B): {@code macs} is GMAC/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class AttentionBench {

  private static final int TOKENS = 4096;
  private static final int BLOCK_TOKENS = 32;
  private static final int QUERY_HEADS = 32;
  private static final int KEY_HEADS = 8;
  private static final int HEAD_WIDTH = 128;

  /** Rows that end at the last token: 1 is generation, more are a prompt. */
  @Param({"1", "128"})
  public int queries;

  /** Members of the team. */
  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private Cpu cpu;
  private CacheSpan span;
  private Rows q;
  private Rows out;

  /** Fills the cache. */
  @Setup
  public void make() {
    cpu = new Cpu(KernelChoice.make(Long.MAX_VALUE).kernels(), threads);
    long valueOffset = DType.F16.bytes((long) BLOCK_TOKENS * KEY_HEADS * HEAD_WIDTH);
    var blocks = new BlockTable();
    for (int block = 0; block < TOKENS / BLOCK_TOKENS; block++) {
      blocks.append(arena.allocate(2 * valueOffset, 64));
    }
    span =
        new CacheSpan(
            blocks,
            BLOCK_TOKENS,
            KEY_HEADS,
            DType.F16,
            HEAD_WIDTH,
            0,
            DType.F16,
            HEAD_WIDTH,
            valueOffset);
    Rows keys = Work.activations(arena, TOKENS, KEY_HEADS * HEAD_WIDTH);
    cpu.store(keys, keys, span, 0);
    q = Work.activations(arena, queries, QUERY_HEADS * HEAD_WIDTH);
    out = Work.rows(arena, queries, QUERY_HEADS * HEAD_WIDTH);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    cpu.close();
    arena.close();
  }

  /** Scores, softmax and mix. */
  @Benchmark
  public void attend(MultiplyAdds done) {
    cpu.attend(q, span, TOKENS - queries, AttentionRule.full(0.088f), out);
    done.macs += 2L * queries * QUERY_HEADS * HEAD_WIDTH * TOKENS;
  }
}
