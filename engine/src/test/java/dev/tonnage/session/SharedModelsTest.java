package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.SharedFiles;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trained models of some megabytes, where they lie beside the repository. */
class SharedModelsTest {

  static Stream<Arguments> blockFormats() {
    return Stream.of("q8_0", "q4_k_m", "q3_k_m", "q2_k")
        .flatMap(
            format -> KernelChoice.levels().stream().map(level -> Arguments.of(format, level)));
  }

  @ParameterizedTest
  @MethodSource("blockFormats")
  void theErrorOfBlockFormatsIsAtMostTheReferencesOwn(String format, Level level)
      throws IOException {
    String name = "mini-llama-" + format;
    BestLogits recorded = recorded(name);
    try (LoadedModel model = open(name, level)) {
      double rms = recorded.rms(model, recorded.top20Exact());
      assertThat(rms / recorded.rmsError()).as(name).isLessThanOrEqualTo(1.1);
      assertSameChoices(recorded, model, recorded.rmsError());
    }
  }

  static Stream<Arguments> halves() {
    return Stream.of("mini-llama-f16", "mini-deepseek-f16")
        .flatMap(name -> KernelChoice.levels().stream().map(level -> Arguments.of(name, level)));
  }

  /** The reference rounds activations to halves where weights are halves; 1e-3 is a half's step. */
  @ParameterizedTest
  @MethodSource("halves")
  void halvesAreComputedAsTheReferenceDoes(String name, Level level) throws IOException {
    BestLogits recorded = recorded(name);
    try (LoadedModel model = open(name, level)) {
      double rms = recorded.rms(model, recorded.top20());
      assertThat(rms / recorded.logitDeviation()).isLessThan(1e-3);
      assertSameChoices(recorded, model, 0);
    }
  }

  /** Up to the first that is anyone's: both engines' errors may add up to several of one's. */
  private static void assertSameChoices(BestLogits recorded, LoadedModel model, double rmsError) {
    try (Session session = model.session()) {
      session.read(OpenModels.ints(recorded.tokens()), (_, _) -> {});
      int compared = 0;
      while (compared < recorded.greedy().size() && margin(session.logits()) > 4 * rmsError) {
        assertThat(OpenModels.greedy(session, 1))
            .as("choice %d", compared)
            .containsExactly(recorded.greedy().get(compared));
        compared++;
      }
      assertThat(compared).as("clear choices").isPositive();
    }
  }

  /** How much likelier the likeliest is. */
  private static double margin(float[] logits) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2];
  }

  private static BestLogits recorded(String name) throws IOException {
    Path json = SharedFiles.referenceOutputs().resolve("logits").resolve(name + ".json");
    assumeTrue(Files.exists(json), "needs " + json);
    try (var in = Files.newInputStream(json)) {
      return BestLogits.read(in);
    }
  }

  private static LoadedModel open(String name, Level level) {
    Path file = SharedFiles.models().resolve(name + ".gguf");
    assumeTrue(Files.exists(file), "needs " + file);
    return OpenModels.open(GgufCheckpoint.open(file), OpenModels.settings(), level);
  }
}
