package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Of what is there without a model: help, version, info. */
final class MainTest {

  @Test
  void helpNamesEveryCommandAndEveryExitCode() {
    var help = Outcome.of("--help");
    assertThat(help.code()).isZero();
    assertThat(help.error()).isEmpty();
    assertThat(help.out())
        .contains("run", "inspect", "info", "logits", "tokenize", "detokenize")
        .contains("Exit codes");
    for (ExitCode code : ExitCode.values()) {
      assertThat(help.out()).containsPattern("\\b" + code.number() + " [a-z]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "inspect", "info", "bench", "logits", "tokenize", "detokenize"})
  void everyCommandExplainsItself(String command) {
    var help = Outcome.of(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.error()).isEmpty();
    assertThat(help.out()).contains("tonnage " + command);
  }

  @Test
  void helpOfRunNamesTheUsualOptions() {
    assertThat(Outcome.of("run", "--help").out())
        .contains("-m", "-n", "--max-tokens", "-c", "--context", "-t", "--threads", "--temp")
        .contains("--top-k", "--top-p", "--min-p", "--seed", "--json", "--echo", "--repeat-penalty")
        .contains("--samplers", "--typical", "--presence-penalty", "--frequency-penalty")
        .contains("--dry-multiplier", "--xtc-probability", "--mirostat", "--logit-bias")
        .contains("--top-n-sigma")
        .contains("PROMPT");
  }

  @Test
  void theVersionIsTheBuilds() {
    var version = Outcome.of("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).matches("tonnage \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "frobnicate", "--frobnicate"})
  void whatIsNoCommandIsWrongUsage(String word) {
    var outcome = word.isEmpty() ? Outcome.of() : Outcome.of(word);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error()).contains(word).contains("tonnage --help");
  }

  @Test
  void infoSaysWhatComputesAndWhyNothingBetterDoes() {
    var info = Outcome.of("info");
    assertThat(info.code()).isZero();
    assertThat(info.error()).isEmpty();
    assertThat(info.out())
        .containsPattern("(?m)^tonnage +\\d")
        .containsPattern("(?m)^machine +.* cores")
        .containsPattern("(?m)^memory +.* available$")
        .containsPattern("(?m)^kernels +(scalar|vector|avx2|avx512) ")
        .containsPattern("(?m)^no better +\\S")
        .containsPattern("(?m)^architectures +.*llama")
        .containsPattern("(?m)^formats +F32, F16, .*Q4_K")
        .containsPattern("(?m)^default model +stories260K$");
  }

  @Test
  void infoAsJsonHasTheNumbers() {
    JsonNode json = Outcome.of("info", "--json").json();
    assertThat(json.get("cores").asInt()).isPositive();
    assertThat(json.get("memoryBytes").asLong())
        .isGreaterThanOrEqualTo(json.get("availableBytes").asLong());
    assertThat(json.get("kernelLevel").asString()).isIn("scalar", "vector", "avx2", "avx512");
    assertThat(json.get("architectures").toString()).contains("\"llama\"");
    assertThat(json.get("formats"))
        .extracting(JsonNode::asString)
        .contains("F32", "F16", "BF16", "Q8_0", "Q4_K", "Q6_K");
  }
}
