package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.SharedFiles;
import dev.tonnage.kernel.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A trained Llama of some megabytes, where it lies beside the repository. */
class SharedLlamasTest {

  @ParameterizedTest
  @CsvSource({
    "mini-llama-q8_0, SCALAR",
    "mini-llama-q8_0, VECTOR",
    "mini-llama-q4_k_m, SCALAR",
    "mini-llama-q4_k_m, VECTOR",
    "mini-llama-q3_k_m, SCALAR",
    "mini-llama-q3_k_m, VECTOR",
    "mini-llama-q2_k, SCALAR",
    "mini-llama-q2_k, VECTOR"
  })
  void theErrorOfBlockFormatsIsAtMostTheReferencesOwn(String name, Level level) throws IOException {
    BestLogits recorded = recorded(name);
    try (LoadedModel model = open(name, level)) {
      double rms = recorded.rms(model, recorded.top20Exact());
      assertThat(rms / recorded.rmsError()).as(name).isLessThanOrEqualTo(1.1);
      assertSameChoices(recorded, model);
    }
  }

  /** The reference rounds activations to halves where weights are halves; 1e-3 is a half's step. */
  @ParameterizedTest
  @EnumSource
  void halvesAreComputedAsTheReferenceDoes(Level level) throws IOException {
    BestLogits recorded = recorded("mini-llama-f16");
    try (LoadedModel model = open("mini-llama-f16", level)) {
      double rms = recorded.rms(model, recorded.top20());
      assertThat(rms / recorded.logitDeviation()).isLessThan(1e-3);
      assertSameChoices(recorded, model);
    }
  }

  private static void assertSameChoices(BestLogits recorded, LoadedModel model) {
    try (Session session = model.session()) {
      session.read(OpenModels.ints(recorded.tokens()), (_, _) -> {});
      assertThat(OpenModels.greedy(session, recorded.greedy().size())).isEqualTo(recorded.greedy());
    }
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
