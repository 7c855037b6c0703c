package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.tonnage.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged headers, more than a hundred thousand of them, always the same ones. Each is either
 * refused with an error of ours or is a checkpoint all of which can be used, and neither takes more
 * memory than the header it came from can explain.
 */
class GgufFuzzTest {

  private static final long SEED = 0x70_6e_6e_61_67_65L;

  /**
   * A key takes 14 bytes in a file and some hundred in memory; and a header is never that small.
   */
  private static final long ALLOCATED_BYTES_PER_HEADER_BYTE = 64;

  private static final long ALLOCATED_BYTES_BESIDES = 1 << 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({"llama, 60000", "everyType, 60000", "noTensors, 5000"})
  void damagedSampleHeadersAreRefusedOrSound(String sample, int iterations) {
    fuzz(sample, sample(sample), sample("llama"), iterations);
  }

  @ParameterizedTest
  @CsvSource({
    "stories260K.gguf, 60000",
    "mini-llama-q4_k_m.gguf, 25000",
    "mini-deepseek-q2_k.gguf, 25000",
    "vocab-llama.gguf, 100",
    "vocab-deepseek.gguf, 100",
    "vocab-qwen2.gguf, 100",
  })
  void damagedHeadersOfRealModelsAreRefusedOrSound(String model, int iterations) {
    Path path = SharedFiles.models().resolve(model);
    assumeTrue(Files.exists(path), "no " + path);
    try (Arena arena = Arena.ofConfined();
        var file = dev.tonnage.os.MappedFile.open(path)) {
      MemorySegment whole = arena.allocate(file.bytes().byteSize(), 64).copyFrom(file.bytes());
      fuzz(model, whole, sample("llama"), iterations);
    }
  }

  /** The test would be worth nothing if no damage reached beyond the first check. */
  @Test
  void someDamagedFilesOpenAndSomeAreRefused() {
    int opened = fuzz("llama", sample("llama"), sample("everyType"), 2000);
    assertThat(opened).isBetween(100, 1900);
  }

  private static MemorySegment sample(String name) {
    Arena arena = Arena.ofAuto();
    return switch (name) {
      case "llama" -> GgufSample.llama(2, 120).toMemory(arena);
      case "everyType" -> GgufSample.everyType().toMemory(arena);
      case "noTensors" ->
          new GgufWriter()
              .put("general.architecture", GgufValue.text(DType.F32.name()))
              .toMemory(arena);
      default -> throw new AssertionError(name);
    };
  }

  /** Returns how many files were opened. */
  private int fuzz(String name, MemorySegment file, MemorySegment other, int iterations) {
    int opened = 0;
    try (Arena arena = Arena.ofConfined()) {
      var mutator = new GgufMutator(file, arena);
      var donor = new GgufMutator(other, arena);
      assertThat(GgufProbe.use(file)).as("%s undamaged", name).isTrue();
      long most = ALLOCATED_BYTES_BESIDES + ALLOCATED_BYTES_PER_HEADER_BYTE * mutator.headerBytes();
      for (int iteration = 0; iteration < iterations; iteration++) {
        try {
          mutator.mend();
          // a generator of its own for each, so that one iteration can be repeated alone
          MemorySegment damaged = mutator.damage(new SplittableRandom(SEED + iteration), donor);
          long before = threads.getCurrentThreadAllocatedBytes();
          opened += GgufProbe.use(damaged) ? 1 : 0;
          long allocated = threads.getCurrentThreadAllocatedBytes() - before;
          if (allocated > most) {
            throw new AssertionError(allocated + " bytes allocated, " + most + " are enough");
          }
        } catch (Throwable e) {
          throw new AssertionError(name + ", seed " + SEED + ", iteration " + iteration, e);
        }
      }
    }
    return opened;
  }
}
