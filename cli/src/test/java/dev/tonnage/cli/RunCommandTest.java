package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class RunCommandTest {

  private static final String PROMPT = "Once upon a time";

  @TempDir private Path folder;

  /** 200 tokens of the default model after {@link #PROMPT}, prompt included, by llama.cpp. */
  private static String recordedStory() throws IOException {
    try (InputStream in = RunCommandTest.class.getResourceAsStream("stories260K.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theDefaultModelTellsTheRecordedStoryToTheLetter() throws IOException {
    var run = Outcome.of("run", "--temp", "0", "-n", "200", "--echo", PROMPT);
    assertThat(run).isEqualTo(new Outcome(0, recordedStory(), ""));
  }

  @Test
  void withoutEchoTheOutputIsTheContinuationAlone() throws IOException {
    var run = Outcome.of("run", "--temp", "0", "-n", "200", PROMPT);
    assertThat(run).isEqualTo(new Outcome(0, recordedStory().substring(PROMPT.length()), ""));
  }

  @Test
  void aPromptMayComeFromStandardInput() {
    var given = Outcome.of("run", "--temp", "0", "-n", "8", "--echo", "Grüße,\nLily");
    var read = Outcome.reading("Grüße,\nLily", "run", "--temp", "0", "-n", "8", "--echo", "-");
    assertThat(read).isEqualTo(given);
    assertThat(read.out()).startsWith("Grüße,\nLily");
  }

  @Test
  void aPromptThatLooksLikeAnOptionComesAfterTwoDashes() {
    var run = Outcome.of("run", "--temp", "0", "-n", "1", "--echo", "--", "--seed");
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("--seed");
  }

  @Test
  void aPromptThatBeginsWithAnAtSignIsNoFileOfArguments() throws IOException {
    Path file = folder.resolve("arguments");
    Files.writeString(file, "secret");
    var run = Outcome.of("run", "--temp", "0", "-n", "1", "--echo", "@" + file);
    assertThat(run.out()).startsWith("@" + file);
  }

  @Test
  void anEmptyPromptIsTheBeginTokenAlone() {
    assertThat(Outcome.of("run", "--json", "-n", "2", "").json().get("promptIds"))
        .hasToString("[1]");
  }

  @Test
  void noTokensIsNoText() {
    assertThat(Outcome.of("run", "-n", "0", PROMPT)).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void jsonSaysEverythingThatHappened() throws IOException {
    var run = Outcome.of("run", "--temp", "0", "-n", "200", "--seed", "7", "--json", PROMPT);
    assertThat(run.code()).isZero();
    assertThat(run.error()).isEmpty();
    JsonNode json = run.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "model",
            "prompt",
            "promptIds",
            "ids",
            "text",
            "end",
            "seed",
            "sampling",
            "promptTokensPerSecond",
            "generationTokensPerSecond",
            "memoryBytes");
    assertThat(json.get("model").asString()).isEqualTo("stories260K");
    assertThat(json.get("prompt").asString()).isEqualTo(PROMPT);
    assertThat(json.get("promptIds")).hasToString("[1,403,407,261,378]");
    assertThat(json.get("ids")).hasSize(200);
    assertThat(json.get("ids").toString()).startsWith("[432,383,286,261,376,298,315,");
    assertThat(PROMPT + json.get("text").asString()).isEqualTo(recordedStory());
    assertThat(json.get("end").asString()).isEqualTo("length");
    assertThat(json.get("seed").asLong()).isEqualTo(7);
    assertThat(json.get("promptTokensPerSecond").asDouble()).isPositive();
    assertThat(json.get("generationTokensPerSecond").asDouble()).isPositive();
    assertThat(json.get("memoryBytes").asLong()).isGreaterThan(1 << 20);
  }

  @Test
  void aFullContextEndsTheText() {
    JsonNode json = Outcome.of("run", "--temp", "0", "-c", "16", "--json", PROMPT).json();
    assertThat(json.get("end").asString()).isEqualTo("context");
    // the last one needs no room: nothing is computed after it
    assertThat(json.get("ids")).hasSize(16 - 5 + 1);
  }

  @Test
  void aSeedMakesDrawsRepeatable() {
    String[] seeded = {"run", "--temp", "1.2", "--seed", "4711", "-n", "40", PROMPT};
    Outcome first = Outcome.of(seeded);
    assertThat(Outcome.of(seeded)).isEqualTo(first);
    seeded[4] = "4712";
    assertThat(Outcome.of(seeded).out()).isNotEqualTo(first.out());
  }

  @Test
  void aSeedThatWasDrawnRepeatsTheTextItIsReportedWith() {
    JsonNode drawn = Outcome.of("run", "--temp", "1.2", "-n", "40", "--json", PROMPT).json();
    String seed = drawn.get("seed").asString();
    assertThat(Outcome.of("run", "--temp", "1.2", "-n", "40", "--seed", seed, PROMPT).out())
        .as("seed %s", seed)
        .isEqualTo(drawn.get("text").asString());
  }

  @Test
  void threadsDoNotChangeTheText() {
    String[] arguments = {"run", "--temp", "0", "-n", "60", "-t", "1", PROMPT};
    Outcome one = Outcome.of(arguments);
    arguments[6] = "5";
    assertThat(Outcome.of(arguments)).isEqualTo(one);
  }

  @Test
  void theClosingLineComesWhereItIsAskedFor() {
    var run = Outcome.of("run", "--temp", "0", "-n", "20", "-v", "--seed", "7", "-t", "1", PROMPT);
    assertThat(run.code()).isZero();
    assertThat(run.error())
        .matches(
            "\\[5 prompt tokens, [0-9.]+ tok/s; 20 tokens, [0-9.]+ tok/s, ended by length; "
                + "memory [0-9.]+ [MG]iB; .*1 threads?; seed 7]\\R");
  }

  @Test
  void controlTokensInAPromptAreTextUnlessTheUserSaysOtherwise() {
    JsonNode text = Outcome.of("run", "-n", "0", "--json", "</s>").json().get("promptIds");
    JsonNode parsed =
        Outcome.of("run", "-n", "0", "--json", "--special", "</s>").json().get("promptIds");
    assertThat(text.size()).isGreaterThan(2);
    assertThat(text.toString()).doesNotContain(",2,", ",2]");
    assertThat(parsed).hasToString("[1,2]");
  }

  @Test
  void aModelOfTheUsersRunsWithEveryCache() {
    Path file = folder.resolve("a model.gguf");
    TinyLlamas.GROUPED.model().write(file);
    for (String type : new String[] {"f16", "F32"}) {
      var run =
          Outcome.of(
              "run", "-m", file + "", "-ctk", type, "-ctv", type, "--json", "--temp", "0", "-n",
              "8", "hello");
      assertThat(run.code()).as(run.error()).isZero();
      assertThat(run.json().get("model").asString()).isEqualTo("a model.gguf");
      assertThat(run.json().get("ids")).hasSize(8);
    }
  }
}
