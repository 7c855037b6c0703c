package dev.tonnage.bench;

import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
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

  /** Members of the team. */
  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private Cpu cpu;
  private MemorySegment memory;

  /** Fills the memory, so that the system really gives it. */
  @Setup
  public void make() {
    cpu = new Cpu(KernelChoice.make(Long.MAX_VALUE).kernels(), threads);
    memory = arena.allocate(512L << 20, 64).fill((byte) 1);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    cpu.close();
    arena.close();
  }

  /** Touches every line once. */
  @Benchmark
  public long read(Gigabytes streamed) {
    streamed.bytes += memory.byteSize();
    return cpu.read(List.of(memory));
  }
}
