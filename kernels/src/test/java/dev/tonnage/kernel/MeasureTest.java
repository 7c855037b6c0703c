package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compute is timed with: it must do what it says, or the times mean nothing. */
class MeasureTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 8, 64, 72, 1000, 1 << 18, (1 << 18) + 8, (3 << 18) + 4096})
  void everyLineOfAMemoryIsReadOnceWhateverTheThreads(long bytes) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(bytes + 8, 64).asSlice(8);
      long expected = 0;
      for (long at = 0; at + 8 <= bytes; at += 64) {
        long number = at * at + 1;
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, number);
        expected += number;
      }
      for (int threads : new int[] {1, 2, 3}) {
        try (var cpu = new Cpu(Samples.SCALAR, threads)) {
          assertThat(cpu.read(List.of(memory))).as("%d threads", threads).isEqualTo(expected);
          assertThat(cpu.read(List.of(memory, memory.asSlice(bytes), memory)))
              .as("%d threads, several places", threads)
              .isEqualTo(2 * expected);
        }
      }
    }
  }

  @Test
  void memoryThatCannotBeReadIsRefused() {
    MemorySegment gone;
    try (Arena arena = Arena.ofShared()) {
      gone = arena.allocate(64);
    }
    try (var cpu = new Cpu(Samples.SCALAR, 1)) {
      assertThatThrownBy(() -> cpu.read(List.of(gone))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> cpu.read(List.of(MemorySegment.ofArray(new byte[64]))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Each of the sums goes s = 0.999 s + 0.001 as often as there are rounds. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000, 100_000})
  void theLoopThatMeasuresThePeakDoesAllItsMultiplyAdds(int rounds) {
    float sum = 0.001f;
    for (int round = 0; round < rounds; round++) {
      sum = Math.fma(sum, 0.999f, 0.001f);
    }
    PeakLoop loop = Samples.VECTOR.peak().orElseThrow();
    assertThat(loop.run(rounds)).isCloseTo(12 * sum, within(1e-5f * Math.max(1, 12 * sum)));
    assertThat(loop.roundMultiplyAdds() % 12).isZero();
  }

  @Test
  void aLevelWithoutSuchALoopHasNoPeak() {
    try (var scalar = new Cpu(Samples.SCALAR, 1);
        var vector = new Cpu(Samples.VECTOR, 2)) {
      assertThat(scalar.peakMultiplyAdds()).isEmpty();
      assertThat(vector.peakMultiplyAdds().orElseThrow()).isPositive();
    }
  }
}
