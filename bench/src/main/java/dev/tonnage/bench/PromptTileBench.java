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

/** A prompt meets a matrix of 4096 x 4096: {@code macs} is GMAC/s. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class PromptTileBench {

  private static final int WIDTH = 4096;

  /** How the weights are stored. */
  @Param({"Q4_K", "Q8_0", "F16"})
  public DType type;

  /** Members of the team. */
  @Param({"1", "2"})
  public int threads;

  /** Rows of the prompt. */
  @Param({"128", "480"})
  public int tokens;

  private final Arena arena = Arena.ofShared();
  private Cpu cpu;
  private Tensor w;
  private Rows x;
  private Rows y;

  /** Makes the matrix. */
  @Setup
  public void make() {
    cpu = new Cpu(KernelChoice.make(Long.MAX_VALUE).kernels(), threads);
    w = Work.weights(arena, type, WIDTH, WIDTH);
    x = Work.activations(arena, tokens, WIDTH);
    y = Work.rows(arena, tokens, WIDTH);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    cpu.close();
    arena.close();
  }

  /** A matrix times all tokens. */
  @Benchmark
  public void multiply(MultiplyAdds done) {
    cpu.multiply(w, x, y, Phase.PROMPT);
    done.macs += (long) WIDTH * WIDTH * tokens;
  }
}
