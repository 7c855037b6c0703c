package dev.tonnage.bench;

import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Phase;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
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

/** One generated token meets a matrix far larger than any cache: {@code bytes} is GB/s. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class DotBench {

  private static final int COLUMNS = 4096;
  private static final long WEIGHT_BYTES = 256L << 20;

  /** How the weights are stored. */
  @Param({
    "Q4_K", "Q5_K", "Q6_K", "Q3_K", "Q2_K", "Q8_0", "Q4_0", "IQ4_XS", "IQ3_S", "IQ2_XXS", "IQ1_S",
    "MXFP4", "F16", "BF16", "F32"
  })
  public DType type;

  /** Members of the team. */
  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private Cpu cpu;
  private Tensor w;
  private Rows x;
  private Rows y;

  /** Makes the matrix. */
  @Setup
  public void make() {
    cpu = new Cpu(KernelChoice.make(Long.MAX_VALUE).kernels(), threads);
    int rows = Math.toIntExact(WEIGHT_BYTES / type.bytes(COLUMNS));
    w = Work.weights(arena, type, rows, COLUMNS);
    x = Work.activations(arena, 1, COLUMNS);
    y = Work.rows(arena, 1, rows);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    cpu.close();
    arena.close();
  }

  /** A matrix times a vector. */
  @Benchmark
  public void multiply(Gigabytes streamed) {
    cpu.multiply(w, x, y, Phase.GENERATION);
    streamed.bytes += w.data().byteSize();
  }
}
