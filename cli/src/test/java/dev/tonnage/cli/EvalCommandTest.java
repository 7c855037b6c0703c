package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvalCommandTest {

  @TempDir private Path folder;

  private MmluFolder mmlu;
  private Path results;

  @BeforeEach
  void ask() throws IOException {
    mmlu = new MmluFolder(folder).subject("old_rivers", 4).subject("birds", 3);
    results = folder.resolve("answers.jsonl");
  }

  private Outcome eval(String... more) {
    return eval(mmlu.data(), more);
  }

  /** With one example, where the arguments do not say. */
  private Outcome eval(Path files, String... more) {
    List<String> all = new ArrayList<>(List.of("eval", "mmlu", files + "", "-o", results + ""));
    all.addAll(List.of(more));
    if (!all.contains("--shots")) {
      all.addAll(List.of("--shots", "1"));
    }
    return Outcome.of(all.toArray(new String[0]));
  }

  private Outcome refused(ExitCode code, Outcome outcome) {
    assertThat(outcome.code()).as(outcome.error()).isEqualTo(code.number());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error().lines()).hasSize(1);
    return outcome;
  }

  private List<JsonNode> lines() throws IOException {
    return Files.readAllLines(results).stream().map(new JsonMapper()::readTree).toList();
  }

  @Test
  void sharesAreCountedFromTheAnswersThatAreKept() throws IOException {
    Outcome outcome = eval("--json");
    assertThat(outcome.code()).as(outcome.error()).isZero();
    assertThat(outcome.error()).isEmpty();
    JsonNode json = outcome.json();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(1 + 7);
    assertThat(lines.getFirst().get("model").asString()).isEqualTo("stories260K");
    int[] right = new int[2];
    for (JsonNode line : lines.subList(1, 8)) {
      double chosen =
          line.get("logProbabilities")
              .get("ABCD".indexOf(line.get("choice").asString()))
              .asDouble();
      for (JsonNode log : line.get("logProbabilities")) {
        assertThat(log.asDouble()).isLessThanOrEqualTo(chosen).isNegative();
      }
      boolean isRight = line.get("choice").equals(line.get("answer"));
      assertThat(line.get("right").asBoolean()).isEqualTo(isRight);
      right[line.get("subject").asString().equals("birds") ? 0 : 1] += isRight ? 1 : 0;
    }
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.get("questions").asInt()).isEqualTo(7);
    assertThat(json.get("answered").asInt()).isEqualTo(7);
    assertThat(json.get("answeredBefore").asInt()).isZero();
    assertThat(json.get("subjects").get(0).get("name").asString()).isEqualTo("birds");
    assertThat(json.get("subjects").get(0).get("right").asInt()).isEqualTo(right[0]);
    assertThat(json.get("subjects").get(1).get("right").asInt()).isEqualTo(right[1]);
    assertThat(json.get("all").get("accuracy").asDouble())
        .isCloseTo((right[0] + right[1]) / 7.0, within(1e-12));
    assertThat(json.get("mean").get("accuracy").asDouble())
        .isCloseTo((right[0] / 3.0 + right[1] / 4.0) / 2, within(1e-12));
    assertThat(json.get("all").get("low95").asDouble())
        .isLessThan(json.get("all").get("accuracy").asDouble());
  }

  @Test
  void aLineForEachSubjectAndTwoForAll() {
    Outcome outcome = eval("-v");
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("birds  .* % {2}\\[ *[0-9.]+, *[0-9.]+] {2}\\d of 3"),
            line -> assertThat(line).startsWith("old_rivers").endsWith(" of 4"),
            line -> assertThat(line).matches("mean over subjects .*]"),
            line -> assertThat(line).startsWith("all questions").endsWith(" of 7"));
    assertThat(outcome.error())
        .matches("\\[7 questions asked in .* s, 0 answered before; answers in .*jsonl; .*]\\R");
  }

  @Test
  void filesAndFoldersAreFoundAsPublished() {
    assertThat(eval(mmlu.test("birds")).out()).contains("of 3").doesNotContain("old_rivers");
    assertThat(eval(mmlu.data().resolve("test"), "--json").json().get("answeredBefore").asInt())
        .isEqualTo(3);
  }

  @Test
  void aFileCutAnywhereIsCompletedToTheSameAnswers() throws IOException {
    Outcome whole = eval();
    byte[] bytes = Files.readAllBytes(results);
    int header = Files.readAllLines(results).getFirst().length() + 1;
    for (int length : new int[] {0, 1, header - 1, header, header + 5, bytes.length - 1}) {
      Files.write(results, Arrays.copyOf(bytes, length));
      assertThat(eval().out()).as("cut to %d bytes", length).isEqualTo(whole.out());
      assertThat(Files.readAllBytes(results)).as("cut to %d bytes", length).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsThereIsNotAskedAgain() throws IOException {
    eval();
    byte[] bytes = Files.readAllBytes(results);
    JsonNode json = eval("--json").json();
    assertThat(json.get("answeredBefore").asInt()).isEqualTo(7);
    assertThat(Files.readAllBytes(results)).isEqualTo(bytes);
  }

  @Test
  void answersOfAnotherModelOrWayToAskAreNotMixed() throws IOException {
    eval();
    byte[] bytes = Files.readAllBytes(results);
    Path model = folder.resolve("tiny.gguf");
    TinyLlamas.LONG_PROMPT.model().write(model);
    assertThat(refused(ExitCode.USAGE, eval("--shots", "2")).error()).contains("shots: expected 2");
    assertThat(refused(ExitCode.USAGE, eval("-ctk", "f32")).error())
        .contains("cacheTypeK: expected f32", "found f16");
    assertThat(refused(ExitCode.USAGE, eval("-c", "500")).error())
        .contains("context: expected 500", "found 512");
    assertThat(refused(ExitCode.USAGE, eval("-m", model + "")).error())
        .contains("model: expected tiny.gguf", "found stories260K");
    Path renamed = folder.resolve("stories260K");
    Files.copy(model, renamed);
    assertThat(refused(ExitCode.USAGE, eval("-m", renamed + "")).error()).contains("fingerprint");
    assertThat(Files.readAllBytes(results)).isEqualTo(bytes);
  }

  @Test
  void anAnswerToAnotherQuestionIsNotTaken() throws IOException {
    eval();
    Path file = mmlu.test("birds");
    Files.writeString(file, Files.readString(file).replaceFirst("Is it", "Was it"));
    assertThat(refused(ExitCode.USAGE, eval()).error())
        .contains("birds: question 1", "another question", "-o");
  }

  @Test
  void aFileOfSomethingElseIsNotTouched() throws IOException {
    for (String content : List.of("my notes\n", "my notes", "{\"form\": 3}\n", "[1]\n", "null\n")) {
      Files.writeString(results, content);
      assertThat(refused(ExitCode.BAD_FILE, eval()).error())
          .contains("answers.jsonl", "not touched");
      assertThat(Files.readString(results)).isEqualTo(content);
    }
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    eval();
    List<String> lines = Files.readAllLines(results);
    for (String damage :
        List.of(
            "{\"subject\":",
            "{}",
            "null",
            lines.get(2),
            lines
                .get(3)
                .replace("\"right\":true", "\"right\":1")
                .replace("\"choice\":\"", "\"choice\":\"x"),
            lines.get(3).replace("]", ",-1.0]"),
            lines.get(3).replace("\"index\"", "\"more\":1,\"index\""))) {
      List<String> damaged = new ArrayList<>(lines);
      damaged.set(3, damage);
      Files.write(results, damaged, StandardCharsets.UTF_8);
      assertThat(refused(ExitCode.BAD_FILE, eval()).error()).as(damage).contains("line 4");
    }
  }

  @Test
  void questionsWithoutWhatTheyNeedAreRefused() throws IOException {
    Path data = mmlu.data();
    assertThat(refused(ExitCode.USAGE, eval("--dev", folder + "")).error())
        .contains("birds_dev.csv", "--shots 0");
    assertThat(refused(ExitCode.USAGE, eval("--shots", "6")).error())
        .contains("at least 6 examples", "found 5");
    assertThat(refused(ExitCode.USAGE, eval("--shots", "-1")).error()).contains("--shots");
    assertThat(refused(ExitCode.USAGE, eval(data.resolve("dev"))).error())
        .contains("examples", "_test.csv");
    assertThat(refused(ExitCode.USAGE, eval(folder)).error()).contains("none");
    assertThat(refused(ExitCode.USAGE, eval(mmlu.test("birds"), data + "")).error())
        .contains("birds a second time");
    assertThat(refused(ExitCode.STORAGE, eval(data.resolve("x_test.csv"))).error())
        .contains("no such file");
    assertThat(refused(ExitCode.USAGE, eval("-c", "40")).error())
        .contains("birds: question 1", "context of 40");
  }
}
