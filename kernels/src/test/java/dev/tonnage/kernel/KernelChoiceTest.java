package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.x86.CpuFeatures;
import dev.tonnage.kernel.x86.Feature;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which level is chosen, and what is said about it. */
class KernelChoiceTest {

  private static final CpuFeatures BEST =
      CpuFeatures.of(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX512, Feature.AVX512_VNNI);

  private static Platform platform(CpuFeatures cpu) {
    return new Platform(Optional.of(cpu), "", true);
  }

  private static KernelChoice best(Platform platform) {
    return KernelChoice.make(Long.MAX_VALUE, "", platform);
  }

  private static void assertChosen(Platform platform, Level level, String... reasons) {
    assertThat(best(platform).kernels().level()).isEqualTo(level);
    assertThat(best(platform).reason()).contains(reasons);
  }

  @Test
  void withoutAWishTheBestLevelIsTakenAndTheReasonSaysWhyBetterOnesWereNot() {
    assertChosen(platform(BEST), Level.AVX512, "no better level");
    assertChosen(
        platform(BEST.without(Feature.AVX512_VNNI)),
        Level.AVX2,
        "the processor has no AVX-512 with VNNI");
    assertChosen(
        platform(BEST.without(Feature.AVX512_VNNI, Feature.F16C)),
        Level.VECTOR,
        "the processor has no AVX-512 with VNNI; ",
        "the processor has no AVX2 with FMA and F16C");
    assertChosen(
        new Platform(Optional.empty(), "memory may not be executable", true),
        Level.VECTOR,
        "memory may not be executable");
    assertChosen(
        platform(CpuFeatures.of()),
        Level.SCALAR,
        "the processor has no AVX-512 with VNNI; ",
        "the processor has no AVX2 with FMA and F16C; ",
        "the processor has no FMA, ");
    assertChosen(
        new Platform(Optional.empty(), "no code for riscv64", false),
        Level.SCALAR,
        "no code for riscv64; the JVM was started without --add-modules jdk.incubator.vector,"
            + " which TONNAGE_JAVA_OPTIONS may hold");
  }

  @Test
  void thisProcessHasALevelForEachWordThatItAllows() {
    for (Level level : KernelChoice.levels()) {
      KernelChoice choice =
          KernelChoice.make(Long.MAX_VALUE, level.word().toUpperCase(Locale.ROOT), Platform.here());
      assertThat(choice.kernels().level()).isEqualTo(level);
      assertThat(choice.reason()).contains("-Dtonnage.kernels=" + level.word());
    }
  }

  @Test
  void theLevelOfAvx2SaysWhetherItUsesVnni() {
    CpuFeatures avx2 = CpuFeatures.of(Feature.AVX2, Feature.FMA, Feature.F16C);
    CpuFeatures both = CpuFeatures.of(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX_VNNI);
    assertThat(best(platform(avx2)).kernels().description()).contains("AVX2", "without AVX-VNNI");
    assertThat(best(platform(both)).kernels().description()).contains("AVX2", "with AVX-VNNI");
  }

  @Test
  void aVerySmallModelIsComputedWithoutCodeThatHasToBeCompiled() {
    assertThat(KernelChoice.make(1, "", platform(BEST)).kernels().level()).isEqualTo(Level.SCALAR);
  }

  @Test
  void anUnknownLevelIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> KernelChoice.make(1, "quantum", platform(BEST)))
        .isInstanceOf(BadRequest.class)
        .hasMessageContainingAll("-Dtonnage.kernels", "'quantum'", "scalar, vector, avx2, avx512");
  }

  @Test
  void aLevelThatTheProcessorDoesNotHaveIsRefusedWithTheReason() {
    assertThatThrownBy(() -> KernelChoice.make(1, "avx512", platform(CpuFeatures.of())))
        .isInstanceOf(BadRequest.class)
        .hasMessageContainingAll("'avx512', but the processor has no AVX-512 with VNNI");
  }

  @Test
  void aJvmWithoutTheVectorModuleComputesAndSaysOnWhichLevelAndWhy()
      throws IOException, InterruptedException {
    // whatever level of code this processor has, it does without the module
    assertThat(inAJvmWithoutTheModule())
        .endsWith("; 11.0\n")
        .doesNotStartWith("VECTOR")
        .matches(text -> !text.startsWith("SCALAR") || text.contains("--add-modules"));
  }

  @Test
  void aJvmWithoutTheVectorModuleRefusesTheVectorLevelAndSaysHowToGetIt()
      throws IOException, InterruptedException {
    assertThat(inAJvmWithoutTheModule("-D" + KernelChoice.PROPERTY + "=vector"))
        .contains("BadRequest", "the JVM was started without --add-modules jdk.incubator.vector");
  }

  private static String inAJvmWithoutTheModule(String... flags)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto"));
    all.addAll(Arrays.asList(flags));
    var child = ChildJvm.run(all, Choose.class);
    assertThat(child.exit()).isZero();
    return child.output();
  }

  /** In a JVM of its own: the choice, and a sum that it computed. */
  static final class Choose {

    private Choose() {}

    public static void main(String[] arguments) {
      try {
        KernelChoice choice = KernelChoice.make(Long.MAX_VALUE);
        System.out.println(
            choice.kernels().level() + ": " + choice.reason() + "; " + product(choice.kernels()));
      } catch (BadRequest e) {
        System.out.println(e);
      }
    }

    private static float product(Kernels kernels) {
      try (var arena = Arena.ofConfined()) {
        var layout = ValueLayout.JAVA_FLOAT;
        long w = arena.allocateFrom(layout, 1, 2).address();
        long x = arena.allocateFrom(layout, 3, 4).address();
        long scratch = arena.allocate(64, 64).address();
        return kernels.format(DType.F32).orElseThrow().dot(w, 2, x, scratch);
      }
    }
  }
}
