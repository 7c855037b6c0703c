package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.SharedFiles;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trained models of some megabytes on WikiText-2, where both lie beside the repository. */
class ReferencePerplexityTest {

  private static final int CONTEXT = 256;

  /** The bound; the reference itself quantises activations. */
  private static final double PERCENT = 0.5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mini-llama-f16",
        "mini-llama-q8_0",
        "mini-llama-q4_k_m",
        "mini-llama-q3_k_m",
        "mini-llama-q2_k"
      })
  void twoChunksAreAsTheReferenceFoundThem(String name) throws IOException {
    JsonNode recorded = Recorded.json("mini-llama.json").get(name);
    double measured = measure(name, 2, DType.F16, DType.F16);
    assertThat(measured)
        .isCloseTo(recorded.get("dequantised").asDouble(), withinPercentage(PERCENT))
        .isCloseTo(recorded.get("stored").asDouble(), withinPercentage(PERCENT));
  }

  /** A cache of eight bits costs nearly nothing, one of four a little. */
  @ParameterizedTest
  @CsvSource({"Q8_0, Q8_0, 0.1", "Q4_0, Q8_0, 2", "Q8_0, Q4_0, 2"})
  void aQuantisedCacheCostsLittle(DType keys, DType values, double percent) throws IOException {
    double plain = measure("mini-llama-f16", 2, DType.F16, DType.F16);
    assertThat(measure("mini-llama-f16", 2, keys, values))
        .isCloseTo(plain, withinPercentage(percent))
        .isNotEqualTo(plain);
  }

  /** Half a minute each. */
  @Tag("soak")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mini-llama-f16",
        "mini-llama-q8_0",
        "mini-llama-q4_k_m",
        "mini-llama-q3_k_m",
        "mini-llama-q2_k",
        "mini-deepseek-f16",
        "mini-deepseek-q8_0",
        "mini-deepseek-q4_k_m",
        "mini-deepseek-q3_k_m",
        "mini-deepseek-q2_k"
      })
  void sixtyFourChunksAreAsTheReferenceFoundThem(String name) throws IOException {
    Path json = SharedFiles.referenceOutputs().resolve("logits").resolve(name + ".json");
    assumeTrue(Files.exists(json), "needs " + json);
    JsonNode recorded =
        JsonMapper.shared().readTree(Files.readString(json)).get("perplexity_wikitext2_test");
    assertThat(recorded.get("context").asInt()).isEqualTo(CONTEXT);
    int chunks = recorded.get("chunks").asInt();
    assertThat(measure(name, chunks, DType.F16, DType.F16))
        .isCloseTo(recorded.get("value").asDouble(), withinPercentage(PERCENT));
  }

  private static double measure(String name, int chunks, DType keys, DType values)
      throws IOException {
    Path file = SharedFiles.models().resolve(name + ".gguf");
    Path text = SharedFiles.data().resolve("wikitext2-test.txt");
    assumeTrue(Files.exists(file) && Files.exists(text), "needs " + file + " and " + text);
    var perplexity = new Perplexity();
    LoadSettings settings = LoadSettings.defaults().withContext(CONTEXT).withCache(keys, values);
    try (LoadedModel model = LoadedModel.open(GgufCheckpoint.open(file), settings)) {
      var cut = new TextChunks(model.tokenizer(), Files.readString(text), CONTEXT);
      Recorded.read(model, cut, chunks, perplexity);
    } catch (UnsupportedModel e) {
      abort("not supported yet: " + e.getMessage());
    }
    return perplexity.value().value();
  }
}
