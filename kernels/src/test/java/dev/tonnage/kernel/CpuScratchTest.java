package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.vector.VectorKernels;
import dev.tonnage.os.ProcessMemory;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CpuScratchTest {

  private static final int BLOCK_TOKENS = 32;
  private static final int HEADS = 8;
  private static final int WIDTH = 8;

  /** Kept for good, what each longer sequence outgrew would be 800 MB in the end. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void scratchThatASequenceOutgrewIsGivenBack() {
    long before = ProcessMemory.peakBytes().orElseThrow();
    long blockBytes = 2L * BLOCK_TOKENS * DType.F16.bytes(WIDTH);
    var kernels = new VectorKernels();
    try (var cpu = new Cpu(kernels, 16);
        var arena = Arena.ofConfined();
        var workspace = new Workspace()) {
      var blocks = new BlockTable();
      var block = arena.allocate(blockBytes, 64); // the same one everywhere: nobody looks
      Rows q = workspace.rows(1, HEADS * WIDTH);
      Rows out = workspace.rows(1, HEADS * WIDTH);
      q.data().fill((byte) 0);
      for (int tokens = BLOCK_TOKENS; tokens < 40_000; tokens += BLOCK_TOKENS) {
        blocks.append(block);
        if (tokens % (16 * BLOCK_TOKENS) == 0) {
          var span =
              new CacheSpan(
                  blocks, BLOCK_TOKENS, 1, DType.F16, WIDTH, 0, DType.F16, WIDTH, blockBytes / 2);
          cpu.attend(q, span, tokens - 1, AttentionRule.full(1), out);
        }
      }
      var inputs = List.of(new Demand.Inputs(1, WIDTH));
      var demand = new Demand(inputs, HEADS, WIDTH, WIDTH, BLOCK_TOKENS, 40_000);
      assertThat(cpu.scratchBytes()).isLessThanOrEqualTo(Cpu.mostScratchBytes(kernels, 16, demand));
    }
    assertThat(ProcessMemory.peakBytes().orElseThrow() - before).isLessThan(300L << 20);
  }
}
