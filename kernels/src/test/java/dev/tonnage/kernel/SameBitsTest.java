package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Results are bit-identical for any threads, chunks and neighbours, and however warm the JVM. */
@Tag("width")
class SameBitsTest {

  static final List<DType> FORMATS = Samples.FORMATS;

  @ParameterizedTest(autoCloseArguments = false) // levels are for all tests
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void anyNumberOfThreadsGivesTheSameBits(Kernels level) {
    try (var every = new EveryOperation(Samples.SEED)) {
      int[] expected = run(every, level, 1, EveryOperation.ROWS);
      for (int threads : new int[] {2, 3, 5}) {
        for (int round = 0; round < 3; round++) {
          assertThat(Arrays.mismatch(run(every, level, threads, EveryOperation.ROWS), expected))
              .as("first difference with %d threads, seed %d", threads, Samples.SEED)
              .isEqualTo(-1);
        }
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false) // levels are for all tests
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void aPromptCutIntoAnyChunksGivesTheSameBits(Kernels level) {
    try (var every = new EveryOperation(Samples.SEED)) {
      int[] expected = run(every, level, 2, EveryOperation.ROWS);
      for (int chunk = 1; chunk < EveryOperation.ROWS; chunk++) {
        assertThat(Arrays.mismatch(run(every, level, 2, chunk), expected))
            .as("first difference in chunks of %d, seed %d", chunk, Samples.SEED)
            .isEqualTo(-1);
      }
    }
  }

  private static int[] run(EveryOperation every, Kernels level, int threads, int chunk) {
    try (var cpu = new Cpu(level, threads)) {
      return every.run(cpu, chunk);
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void aGeneratedTokenDoesNotDependOnItsNeighbours(DType type) {
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(Samples.VECTOR, 2)) {
      Tensor w = Samples.tensor(arena, type, 67, 768, random);
      Rows x = Samples.rows(arena, 8, 768, random);
      Rows together = Samples.rows(arena, 8, 67);
      cpu.multiply(w, x, together, Phase.GENERATION);
      for (int row = 0; row < 8; row++) {
        Rows alone = Samples.rows(arena, 1, 67);
        cpu.multiply(w, x.slice(row, 1), alone, Phase.GENERATION);
        assertThat(Samples.bits(alone)).isEqualTo(Samples.bits(together.slice(row, 1)));
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false) // levels are for all tests
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void matricesThatAreMultipliedTogetherGiveTheBitsTheyGiveAlone(Kernels level) {
    var random = new SplittableRandom(Samples.SEED);
    DType[] types = {DType.Q4_K, DType.Q4_K, DType.Q6_K, DType.F16, DType.F16, DType.Q4_K};
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(level, 3)) {
      Rows x = Samples.rows(arena, 5, 512, random);
      for (Phase phase : Phase.values()) {
        List<Product> together = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
          int outputs = 1 + 67 * i;
          Tensor w = Samples.tensor(arena, types[i], outputs, 512, random);
          together.add(new Product(w, Samples.rows(arena, 5, outputs)));
        }
        cpu.multiply(x, together, phase);
        for (Product product : together) {
          Rows alone = Samples.rows(arena, 5, product.outputs());
          cpu.multiply(product.w(), x, alone, phase);
          assertThat(Samples.bits(product.y()))
              .as("%s %s, seed %d", phase, product.w().type(), Samples.SEED)
              .isEqualTo(Samples.bits(alone));
        }
      }
    }
  }

  /** As experts are: each matrix with rows of its own. */
  @ParameterizedTest(autoCloseArguments = false) // levels are for all tests
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void rowsThatAreMultipliedTogetherGiveTheBitsTheyGiveAlone(Kernels level) {
    var random = new SplittableRandom(Samples.SEED);
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(level, 3)) {
      for (Phase phase : Phase.values()) {
        List<RowProducts> together = new ArrayList<>();
        for (int count : new int[] {5, 1, 9, 2}) {
          List<Product> own = new ArrayList<>();
          for (DType type : List.of(DType.Q4_K, DType.Q8_0, DType.F32, DType.Q4_K)) {
            int outputs = random.nextInt(1, 150);
            Tensor w = Samples.tensor(arena, type, outputs, 512, random);
            own.add(new Product(w, Samples.rows(arena, count, outputs)));
          }
          together.add(new RowProducts(Samples.rows(arena, count, 512, random), own));
        }
        cpu.multiply(together, phase);
        for (RowProducts each : together) {
          for (Product product : each.products()) {
            Rows alone = Samples.rows(arena, each.x().count(), product.outputs());
            cpu.multiply(product.w(), each.x(), alone, phase);
            assertThat(Samples.bits(product.y()))
                .as("%s %s, seed %d", phase, product.w().type(), Samples.SEED)
                .isEqualTo(Samples.bits(alone));
          }
        }
      }
    }
  }

  /** The first call is interpreted, the ten-thousandth is machine code of the best compiler. */
  @Test
  void theJvmGivesTheSameBitsColdAndWarm() throws IOException, InterruptedException {
    var child = ChildJvm.run(ChildJvm.flags(), FirstCall.class);
    assertThat(child.output()).isEqualTo("the same\n");
    assertThat(child.exit()).isZero();
  }

  /** In a JVM of its own: the results of the first call against those of many more. */
  static final class FirstCall {

    private FirstCall() {}

    public static void main(String[] arguments) {
      try (var every = new EveryOperation(Samples.SEED);
          var cpu = new Cpu(Samples.VECTOR, 1)) {
        int[] first = every.run(cpu, 2);
        for (int call = 2; call <= 60; call++) { // thousands of calls of every kernel
          int difference = Arrays.mismatch(every.run(cpu, 2), first);
          if (difference >= 0) {
            System.out.println("number " + difference + " differs in call " + call);
            return;
          }
        }
        System.out.println("the same");
      }
    }
  }
}
