package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyFolder;
import dev.tonnage.model.TinyLlamas;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class PlanCommandTest {

  @TempDir private Path folder;

  private static JsonNode json(String... arguments) {
    var plan = Outcome.of(arguments);
    assertThat(plan.code()).as(plan.error()).isZero();
    return Json.mapper().readTree(plan.out());
  }

  @Test
  void aPersonReadsWhetherItFits() {
    String[] arguments = {
      "plan", "llama-3.1-405b", "--machine", "m3-ultra-256", "--quant", "q3_k_m,Q4_K_M,q8_0"
    };
    var plan = Outcome.of(arguments);
    assertThat(plan.code()).as(plan.error()).isZero();
    assertThat(plan.out())
        .containsPattern("(?m)^machine +Apple M3 Ultra, 274.9 GB of memory \\(256.00 GiB\\), 819.2")
        .containsPattern("(?m)^Q3_K_M +32768 +195.4 GB +16.9 GB .* yes +yes +3.9 tok/s$")
        .containsPattern("(?m)^Q4_K_M +4096 +243.1 GB +2.1 GB .* yes +no +3.4 tok/s$")
        .containsPattern("(?m)^Q8_0 +4096 +431.2 GB .* -\\d+.\\d GB +no +no ")
        .contains("where Tonnage does not run")
        .contains("223.3 GB");
  }

  @Test
  void jsonAddsUp() {
    JsonNode report =
        json("plan", "deepseek-v3", "--machine", "m3-ultra-512", "-c", "4096", "--json");
    JsonNode plan = report.get("plans").get(0);
    assertThat(report.get("memoryBytes").longValue()).isEqualTo(512L << 30);
    assertThat(plan.get("cacheBytes").longValue()).isEqualTo(70_272L * 4096);
    long total = 0;
    for (String part : List.of("weightBytes", "cacheBytes", "scratchBytes", "programBytes")) {
      total += plan.get(part).longValue();
    }
    assertThat(plan.get("headroomBytes").longValue())
        .isEqualTo(plan.get("givenBytes").longValue() - total);
    assertThat(plan.get("mostTokensPerSecond").doubleValue())
        .isCloseTo(819.2e9 / plan.get("tokenBytes").longValue(), within(1e-9));
  }

  @Test
  void filesAndFoldersArePlannedAsTheyAreOnThisMachine() {
    Path file = folder.resolve("tiny.gguf");
    TinyLlamas.Q4_K_M.model().write(file);
    Path files = new TinyFolder(TinyLlamas.GROUPED.model()).write(folder.resolve("tiny"));
    for (Path path : List.of(file, files)) {
      JsonNode report = json("plan", path + "", "--json");
      assertThat(report.get("bandwidthBytesPerSecond").isNull()).isTrue();
      JsonNode plan = report.get("plans").get(0);
      assertThat(plan.get("contextTokens").intValue()).isEqualTo(256);
      assertThat(plan.get("mostTokensPerSecond").isNull()).isTrue();
      assertThat(plan.get("fits").booleanValue()).isTrue();
      assertThat(plan.get("run").stringValue()).isEqualTo("tonnage run -m '" + path + "' -c 256");
      assertThat(Outcome.of("plan", path + "").out()).contains("tonnage run -m '" + path + "'");
      JsonNode elsewhere = json("plan", path + "", "--machine", "m1-max-64", "--json");
      assertThat(elsewhere.get("plans").get(0).get("run").isNull()).isTrue();
    }
    assertThat(Outcome.of("plan", file + "", "--quant", "q8_0").error()).contains("--quant");
  }

  @Test
  void everyMixOfEveryUserIsCounted() {
    JsonNode one = json("plan", "llama-3.1-8b", "-c", "8192", "--quant", "all", "--json");
    JsonNode four =
        json("plan", "llama-3.1-8b", "-c", "8192", "--quant", "all", "--users", "4", "--json");
    assertThat(one.get("plans").size()).isEqualTo(33);
    for (int i = 0; i < one.get("plans").size(); i++) {
      assertThat(four.get("plans").get(i).get("cacheBytes").longValue())
          .isEqualTo(4 * one.get("plans").get(i).get("cacheBytes").longValue());
    }
  }

  @Test
  void whatIsNotKnownIsNamedWithWhatIsNear() {
    assertThat(Outcome.of("plan", "llama405").error()).contains("llama405", "llama-3.1-405b");
    assertThat(Outcome.of("plan", "kimi-k2", "--machine", "m3ultra512").error())
        .contains("m3ultra512", "m3-ultra-512");
    assertThat(Outcome.of("plan", "kimi-k2", "--quant", "q4").error()).contains("q4", "Q4_K_M");
    assertThat(Outcome.of("plan", "llama-3.1-8b", "-c", "-5").error())
        .contains("context", "from 1 to the 131072 tokens");
    assertThat(Outcome.of("plan", "llama-3.1-8b", "--users", "0").error()).contains("streams");
  }
}
