package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which level is chosen, and what is said about it. */
class KernelChoiceTest {

  private final String before = System.getProperty(KernelChoice.PROPERTY);

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(KernelChoice.PROPERTY);
    } else {
      System.setProperty(KernelChoice.PROPERTY, before);
    }
  }

  @Test
  void withoutAWishTheBestLevelIsTaken() {
    System.clearProperty(KernelChoice.PROPERTY);
    KernelChoice choice = KernelChoice.make(Long.MAX_VALUE);
    assertThat(choice.kernels().level()).isEqualTo(Level.VECTOR);
    assertThat(choice.kernels().description()).matches("Vector API, (128|256|512) bits");
    assertThat(choice.reason()).contains("no better level");
  }

  @Test
  void thePropertyNamesALevel() {
    for (Level level : Level.values()) {
      System.setProperty(KernelChoice.PROPERTY, level.word());
      KernelChoice choice = KernelChoice.make(Long.MAX_VALUE);
      assertThat(choice.kernels().level()).isEqualTo(level);
      assertThat(choice.reason()).contains("-Dtonnage.kernels=" + level.word());
    }
    System.setProperty(KernelChoice.PROPERTY, "Scalar");
    assertThat(KernelChoice.make(Long.MAX_VALUE).kernels().level()).isEqualTo(Level.SCALAR);
  }

  @Test
  void anUnknownLevelIsRefusedWithTheKnownOnes() {
    System.setProperty(KernelChoice.PROPERTY, "quantum");
    assertThatThrownBy(() -> KernelChoice.make(Long.MAX_VALUE))
        .isInstanceOf(BadRequest.class)
        .hasMessageContainingAll("-Dtonnage.kernels", "'quantum'", "scalar or vector");
  }

  @Test
  void aJvmWithoutTheVectorModuleComputesOnTheScalarLevelAndSaysWhy()
      throws IOException, InterruptedException {
    assertThat(inAJvmWithoutTheModule())
        .isEqualTo(
            "SCALAR: the JVM was started without --add-modules jdk.incubator.vector; 11.0\n");
  }

  @Test
  void aJvmWithoutTheVectorModuleRefusesTheVectorLevelAndSaysHowToGetIt()
      throws IOException, InterruptedException {
    assertThat(inAJvmWithoutTheModule("-D" + KernelChoice.PROPERTY + "=vector"))
        .contains("BadRequest", "start the JVM with --add-modules jdk.incubator.vector");
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
