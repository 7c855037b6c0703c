package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PerplexityCommandTest {

  private static final String[] WORDS = {"once", "upon", "a", "girl", "Lily", "saw", "the", "sun."};

  @TempDir private Path folder;

  private Path text;

  @BeforeEach
  void write() throws IOException {
    var random = new Random(8);
    String words =
        Stream.generate(() -> WORDS[random.nextInt(WORDS.length)])
            .limit(300)
            .collect(Collectors.joining(" "));
    text = folder.resolve("text.txt");
    Files.writeString(text, words);
  }

  /** Of chunks of 32 tokens, where the arguments do not say. */
  private Outcome perplexity(String... more) {
    List<String> all = new ArrayList<>(List.of("perplexity", text + ""));
    all.addAll(List.of(more));
    if (!all.contains("-c")) {
      all.addAll(List.of("-c", "32"));
    }
    return Outcome.of(all.toArray(new String[0]));
  }

  private Outcome refused(ExitCode code, Outcome outcome) {
    assertThat(outcome.code()).as(outcome.error()).isEqualTo(code.number());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error()).startsWith("tonnage: ").doesNotContain("bug");
    return outcome;
  }

  @Test
  void oneLineIsTheResult() {
    Outcome outcome = perplexity("--chunks", "3");
    assertThat(outcome.code()).as(outcome.error()).isZero();
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.out())
        .matches(
            "PPL = \\d+\\.\\d{4} ± \\d+\\.\\d{5}, 3 chunks of 32 tokens, 45 of them scored\\R");
  }

  @Test
  void jsonSaysEverythingThatWasMeasured() {
    JsonNode json = perplexity("--chunks", "3", "--json", "-ctv", "f32").json();
    assertThat(json.get("model").asString()).isEqualTo("stories260K");
    assertThat(json.get("context").asInt()).isEqualTo(32);
    assertThat(json.get("chunks").asInt()).isEqualTo(3);
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.get("scored").asInt()).isEqualTo(45);
    assertThat(json.get("tokens").asInt()).isEqualTo(96);
    double sum = 0;
    for (JsonNode chunk : json.get("chunkNll")) {
      sum += chunk.asDouble();
    }
    double nll = json.get("nll").asDouble();
    assertThat(nll).isCloseTo(sum / 3, within(1e-9));
    assertThat(json.get("ppl").asDouble()).isCloseTo(Math.exp(nll), within(1e-6));
    assertThat(json.get("pplError").asDouble())
        .isCloseTo(Math.exp(nll) * json.get("nllError").asDouble(), within(1e-6));
    assertThat(json.get("cacheTypeK").asString()).isEqualTo("f16");
    assertThat(json.get("cacheTypeV").asString()).isEqualTo("f32");
    assertThat(json.get("seconds").asDouble()).isPositive();
    assertThat(json.get("tokensPerSecond").asDouble()).isPositive();
    assertThat(json.get("memoryBytes").asLong()).isPositive();
    assertThat(json.get("compute").asString()).contains("scalar");
    assertThat(json.get("klBaseWritten").isNull()).isTrue();
    assertThat(json.get("klDivergence").isNull()).isTrue();
  }

  @Test
  void threadsAndWhereTheTextIsFromChangeNothing() throws IOException {
    Outcome expected = perplexity();
    assertThat(perplexity("-t", "3")).isEqualTo(expected);
    assertThat(Outcome.reading(Files.readString(text), "perplexity", "-c", "32", "-"))
        .isEqualTo(expected);
  }

  @Test
  void withoutAContextAChunkIsWhatTheModelHoldsOrFiveHundredAndTwelve() throws IOException {
    Files.writeString(text, Files.readString(text).repeat(4));
    Path model = folder.resolve("short.gguf");
    TinyLlamas.GROUPED.model().write(model);
    String[] command = {"perplexity", text + "", "--json", "--chunks", "1", "-m", model + ""};
    assertThat(Outcome.of(command).json().get("context").asInt()).isEqualTo(256);
    TinyLlamas.LONG_PROMPT.model().write(model);
    assertThat(Outcome.of(command).json().get("context").asInt()).isEqualTo(512);
  }

  @Test
  void aBaseIsWrittenOnceAndThenComparedWith() {
    Path base = folder.resolve("base.logits");
    Outcome written = perplexity("--chunks", "4", "--kl-base", base + "");
    assertThat(written.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("log-probabilities written to " + base),
            line -> assertThat(line).startsWith("PPL = "));
    assertThat(base).exists();
    assertThat(folder.resolve("base.logits.part")).doesNotExist();

    // chunks and their length are the base's where nothing is said
    String[] command = {"perplexity", text + "", "--kl-base", base + "", "-ctk", "f32", "--json"};
    JsonNode json = Outcome.of(command).json();
    assertThat(json.get("context").asInt()).isEqualTo(32);
    assertThat(json.get("chunks").asInt()).isEqualTo(4);
    JsonNode divergence = json.get("klDivergence");
    assertThat(divergence.get("scored").asInt()).isEqualTo(60);
    assertThat(divergence.get("ppl").get("value")).isEqualTo(json.get("ppl"));
    assertThat(divergence.get("kld").get("value").asDouble()).isCloseTo(0, within(1e-3));
    assertThat(divergence.get("kldQuantiles").get("1").asDouble())
        .isGreaterThanOrEqualTo(divergence.get("kldQuantiles").get("0.5").asDouble());
    assertThat(divergence.get("sameTop").get("value").asDouble()).isGreaterThan(0.9);

    Outcome table = perplexity("--chunks", "2", "--kl-base", base + "");
    assertThat(table.out())
        .contains("PPL(Q)", "PPL(base)", "KL divergence", "median", "99.9 % below", "Δp")
        .contains("2 chunks of 32 tokens");
  }

  @Test
  void whatDiffersFromTheBaseIsNamed() throws IOException {
    Path base = folder.resolve("base.logits");
    perplexity("--chunks", "2", "--kl-base", base + "");
    String[] compared = {"--kl-base", base + ""};
    assertThat(refused(ExitCode.USAGE, perplexity("-c", "16", "--kl-base", base + "")).error())
        .contains("base.logits: chunks' tokens: expected 16", "found 32");
    Path model = folder.resolve("tiny.gguf");
    TinyLlamas.GROUPED.model().write(model);
    assertThat(
            refused(ExitCode.USAGE, perplexity("-m", model + "", "--kl-base", base + "")).error())
        .contains("vocabulary: expected 288", "found 512");
    Files.writeString(text, "The " + Files.readString(text));
    assertThat(refused(ExitCode.USAGE, perplexity(compared)).error())
        .contains("token 1 of the text");
    Files.write(base, Arrays.copyOf(Files.readAllBytes(base), 5000));
    assertThat(refused(ExitCode.BAD_FILE, perplexity(compared)).error()).contains("5000 bytes");
    assertThat(refused(ExitCode.BAD_FILE, perplexity("--kl-base", text + "")).error())
        .contains("_logits_");
    assertThat(Files.readString(text)).startsWith("The ");
  }

  @Test
  void aBaseThatCannotBeWrittenLeavesNothing() {
    Path base = folder.resolve("none").resolve("base.logits");
    assertThat(refused(ExitCode.STORAGE, perplexity("--kl-base", base + "")).error())
        .contains("base.logits");
  }

  @Test
  void whatCannotBeMeasuredIsRefused() throws IOException {
    assertThat(refused(ExitCode.USAGE, perplexity("--chunks", "0")).error()).contains("--chunks");
    assertThat(refused(ExitCode.USAGE, perplexity("-c", "4")).error()).contains("at least 8");
    assertThat(refused(ExitCode.USAGE, perplexity("-c", "513")).error()).contains("512");
    assertThat(refused(ExitCode.USAGE, perplexity("-c", "500")).error())
        .contains("two chunks", "1000 tokens");
    assertThat(refused(ExitCode.STORAGE, Outcome.of("perplexity", "none.txt")).error())
        .contains("none.txt: no such file");
    Files.write(text, new byte[] {'a', 'b', (byte) 0xc3});
    assertThat(refused(ExitCode.BAD_FILE, perplexity()).error())
        .contains("text.txt: byte 2", "UTF-8");
  }

  @Test
  void theClosingLineComesWhereItIsAskedFor() {
    assertThat(perplexity("--chunks", "2", "-v").error())
        .matches("\\[64 tokens in .* s, .* tok/s; keys f16, values f16; memory .*iB; .*]\\R");
  }
}
