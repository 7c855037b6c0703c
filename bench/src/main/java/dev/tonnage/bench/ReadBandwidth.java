package dev.tonnage.bench;

import dev.tonnage.kernel.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
 * What this minute's memory gives: a shared host's moves by a factor of two, so a figure of {@link
 * DotBench} means something only next to this one. {@code bytes} is GB/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBandwidth {

  private static final int PIECE_BYTES = 1 << 20;
  private static final int LINE_BYTES = 64;

  /** Members of the team. */
  @Param({"1", "2"})
  public int threads;

  private final LongAdder sum = new LongAdder();
  private final Arena arena = Arena.ofShared();
  private Team team;
  private MemorySegment memory;

  /** Fills the memory, so that the system really gives it. */
  @Setup
  public void make() {
    team = new Team(threads);
    memory = arena.allocate(512L << 20, 64).fill((byte) 1);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    team.close();
    arena.close();
  }

  /** Touches every line once. */
  @Benchmark
  public long read(Gigabytes streamed) {
    int pieces = Math.toIntExact(memory.byteSize() / PIECE_BYTES);
    team.run(pieces, (piece, _) -> sum.add(lines(memory, (long) piece * PIECE_BYTES)));
    streamed.bytes += memory.byteSize();
    return sum.sum();
  }

  private static long lines(MemorySegment memory, long from) {
    long sum = 0;
    for (int at = 0; at < PIECE_BYTES; at += LINE_BYTES) {
      sum += memory.get(ValueLayout.JAVA_LONG, from + at);
    }
    return sum;
  }
}
