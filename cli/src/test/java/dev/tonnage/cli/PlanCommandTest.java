package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyFolder;
import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.file.Files;
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
  void aPersonReadsForEachEngineWhetherItFitsAndHowFastItIs() {
    String[] arguments = {
      "plan", "llama-3.1-405b", "--machine", "m3-ultra-256", "--quant", "q3_k_m,Q4_K_M,q8_0"
    };
    var plan = Outcome.of(arguments);
    assertThat(plan.code()).as(plan.error()).isZero();
    assertThat(plan.out())
        .containsPattern(
            "(?m)^machine  Apple M3 Ultra.*, 274.9 GB of memory \\(256.00 GiB\\), 819.2")
        .contains("Tonnage on the processor's cores may use 270.6 GB: all memory but 4.00 GiB")
        .containsPattern("(?m)^  Q3_K_M +32768 +195.4 GB +16.9 GB +0.3 GB .* yes +- +- +3.9$")
        .contains("as llama.cpp on Metal may use 223.3 GB")
        .containsPattern("(?m)^  Q4_K_M +4096 +243.1 GB +2.1 GB +- .* no +- +- +3.4$")
        .contains(
            "Q4_K_M, 4096 tokens: would fit with IQ4_XS (--quant): 218.7 GB, 2.9 (2.0-3.6) tok/s")
        .containsPattern("(?m)^  Q8_0 +4096 +431.2 GB .* -\\d+.\\d GB +no ")
        .containsPattern("(?m)^    chat +poor ")
        .doesNotContain("MLX"); // which does not read these formats
  }

  @Test
  void jsonAddsUpAndNamesItsSources() {
    JsonNode report =
        json("plan", "deepseek-v3", "--machine", "m3-ultra-512", "-c", "4096", "--json");
    assertThat(report.get("machine").get("memoryBytes").longValue()).isEqualTo(512L << 30);
    assertThat(report.get("machine").get("sources").get("bandwidth").stringValue())
        .matches(".+, \\d{4}-\\d\\d-\\d\\d");
    JsonNode plan = report.get("plans").get(0);
    assertThat(plan.get("engine").stringValue()).isEqualTo("Tonnage on the processor's cores");
    JsonNode memory = plan.get("memory");
    assertThat(memory.get("cacheBytes").longValue()).isEqualTo(70_272L * 4096);
    long total = 0;
    for (String part : List.of("weightBytes", "cacheBytes", "scratchBytes", "programBytes")) {
      total += memory.get(part).longValue();
    }
    assertThat(memory.get("headroomBytes").longValue())
        .isEqualTo(memory.get("givenBytes").longValue() - total);
    JsonNode rate = plan.get("rate");
    assertThat(rate.get("mostTokensPerSecond").doubleValue())
        .isCloseTo(819.2e9 / rate.get("stepBytes").doubleValue(), within(1e-9));
    assertThat(rate.get("tokensPerSecond").isNull()).isTrue(); // of this nothing was measured there
  }

  @Test
  void anotherEngineIsNamedAndWhatItDoesNotTellStaysBlank() {
    JsonNode report =
        json("plan", "deepseek-v3", "--machine", "m3-ultra-512", "-c", "512", "--json");
    JsonNode plan = report.get("plans").get(1);
    assertThat(plan.get("engine").stringValue()).isEqualTo("as llama.cpp on Metal");
    assertThat(plan.get("memory").get("scratchBytes").isNull()).isTrue();
    assertThat(plan.get("run").isNull()).isTrue();
    // measured: 20.21 tok/s, and a prompt of 512 in 3.03 s
    JsonNode rate = plan.get("rate").get("tokensPerSecond");
    assertThat(20.21).isBetween(rate.get("low").doubleValue(), rate.get("high").doubleValue());
    JsonNode first = plan.get("rate").get("firstTokenSeconds");
    assertThat(3.03).isBetween(first.get("low").doubleValue(), first.get("high").doubleValue());
    assertThat(report.get("uses").get(1).get("verdicts").size()).isEqualTo(5);
  }

  @Test
  void energyIsOfWhatWasMeasuredAndCostsWhatThePriceSays() {
    JsonNode plan =
        json(
                "plan",
                "llama-3.3-70b",
                "--machine",
                "m3-ultra-512",
                "-c",
                "512",
                "--kwh-price",
                "0.3",
                "--json")
            .get("plans")
            .get(1);
    JsonNode rate = plan.get("rate");
    double hours = rate.get("kilowattHours").doubleValue();
    assertThat(hours)
        .isCloseTo(
            rate.get("watts").doubleValue()
                / rate.get("tokensPerSecond").get("likely").doubleValue()
                / 3.6,
            within(1e-6));
    assertThat(rate.get("cost").doubleValue()).isCloseTo(0.3 * hours, within(1e-6));
  }

  @Test
  void whatDoesNotFitIsToldWhatWould() {
    JsonNode plans =
        json(
                "plan",
                "llama-3.3-70b",
                "--machine",
                "m1-max-64",
                "-c",
                "131072",
                "--users",
                "4",
                "--json")
            .get("plans");
    JsonNode remedies = plans.get(0).get("remedies");
    assertThat(remedies.findValuesAsString("what"))
        .anyMatch(what -> what.matches("a context of \\d+ tokens"))
        .noneMatch(what -> what.contains("--kv")); // even 4 bits do not help here
    long given = plans.get(0).get("memory").get("givenBytes").longValue();
    for (JsonNode remedy : remedies) {
      assertThat(remedy.get("totalBytes").longValue()).isLessThanOrEqualTo(given);
    }
    JsonNode experts =
        json("plan", "glm-4.5-air", "--machine", "m1-max-64", "-c", "4096", "--json")
            .get("plans")
            .get(0)
            .get("remedies");
    assertThat(experts.findValuesAsString("what"))
        .anyMatch(
            what -> what.startsWith("experts from the SSD, which this program cannot do yet"));
  }

  @Test
  void aLimitThatItsOwnerSetDecides() {
    String[] arguments = {
      "plan",
      "llama-3.1-405b",
      "--machine",
      "m3-ultra-256",
      "-c",
      "4096",
      "--gpu-limit",
      "240",
      "--json"
    };
    JsonNode memory = json(arguments).get("plans").get(1).get("memory");
    assertThat(memory.get("givenBytes").longValue()).isEqualTo(240L << 30);
    assertThat(memory.get("fits").booleanValue()).isTrue();
  }

  @Test
  void machinesAndModelsOfOnesOwnAreReadAndAnUnknownKeyIsAnError() throws IOException {
    Path machines = folder.resolve("mine.json");
    String mine =
        """
        [{"name": "mine", "title": "Mine", "graphics": "none", "cores": 8, "memoryGib": [64],
          "numbers": {"bandwidthGbPerS": [100, "me", "2026-12-01"]}, "gpuLimitGib": {},
          "sold": ["me", "2026-12-01"]}]
        """;
    Files.writeString(machines, mine);
    JsonNode report =
        json("plan", "llama-3.1-8b", "--machines", machines + "", "--machine", "mine-64", "--json");
    assertThat(report.get("machine").get("title").stringValue()).isEqualTo("Mine");
    Files.writeString(machines, mine.replace("\"cores\"", "\"colour\": 1, \"cores\""));
    assertThat(
            Outcome.of("plan", "llama-3.1-8b", "--machines", machines + "", "--machine", "mine-64")
                .error())
        .contains("mine.json", "colour");
    assertThat(Outcome.of("plan", "llama-3.1-8b", "--models", folder + "/none.json").error())
        .contains("none.json");
  }

  @Test
  void filesAndFoldersArePlannedAsTheyAreOnThisMachine() {
    Path file = folder.resolve("tiny.gguf");
    TinyLlamas.Q4_K_M.model().write(file);
    Path files = new TinyFolder(TinyLlamas.GROUPED.model()).write(folder.resolve("tiny"));
    for (Path path : List.of(file, files)) {
      JsonNode plan = json("plan", path + "", "--json").get("plans").get(0);
      assertThat(plan.get("contextTokens").intValue()).isEqualTo(256);
      assertThat(plan.get("memory").get("fits").booleanValue()).isTrue();
      assertThat(plan.get("run").stringValue()).isEqualTo("tonnage run -m '" + path + "' -c 256");
      assertThat(Outcome.of("plan", path + "").out()).contains("tonnage run -m '" + path + "'");
      JsonNode elsewhere = json("plan", path + "", "--machine", "m1-max-64", "--json");
      assertThat(elsewhere.get("plans").get(0).get("run").isNull()).isTrue();
    }
    assertThat(Outcome.of("plan", file + "", "--quant", "q8_0").error()).contains("--quant");
  }

  @Test
  void whatFitsIsSortedByHowMuchIsReadInTime() {
    JsonNode rows = json("plan", "--what-fits", "--machine", "m4-max-128", "--json");
    List<String> names = rows.findValuesAsString("model");
    assertThat(names).contains("gpt-oss-120b", "llama-3.2-1b").doesNotContain("kimi-k2");
    boolean isSlow = false;
    for (JsonNode row : rows) {
      assertThat(row.get("memory").get("fits").booleanValue()).isTrue();
      JsonNode rate = row.get("tokensPerSecond");
      boolean isRowSlow = !rate.isNull() && rate.get("likely").doubleValue() < 5.3;
      assertThat(isSlow && !isRowSlow).as(row + "").isFalse();
      isSlow = isRowSlow;
    }
    assertThat(Outcome.of("plan", "--what-fits", "--machine", "m4-max-128").out())
        .containsPattern("(?m)^m4-max-128 +qwen3-235b-a22b +as llama.cpp on Metal +Q3_K_M +8192 ")
        .containsPattern("(?m)^    chat: good, iterating on code: ");
  }

  @Test
  void machinesToBuyReachTheWishedRate() {
    JsonNode rows = json("plan", "deepseek-v3", "--buy", "--rate", "15", "-c", "32768", "--json");
    assertThat(rows.findValuesAsString("machine")).contains("m3-ultra-512");
    for (JsonNode row : rows) {
      assertThat(row.get("tokensPerSecond").get("likely").doubleValue()).isGreaterThanOrEqualTo(15);
      assertThat(row.get("contextTokens").intValue()).isEqualTo(32_768);
    }
    assertThat(Outcome.of("plan", "deepseek-v3", "--buy", "--rate", "500").out())
        .isEqualTo("none of the catalogue" + System.lineSeparator());
    assertThat(Outcome.of("plan", "llama-3.1-8b", "--rate", "5").error()).contains("--buy");
    assertThat(Outcome.of("plan").error()).contains("MODEL", "--what-fits");
    assertThat(Outcome.of("plan", "llama-3.1-8b", "--what-fits").error()).contains("MODEL");
  }

  @Test
  void everyMixOfEveryUserIsCounted() {
    JsonNode one = json("plan", "llama-3.1-8b", "-c", "8192", "--quant", "all", "--json");
    JsonNode four =
        json("plan", "llama-3.1-8b", "-c", "8192", "--quant", "all", "--users", "4", "--json");
    assertThat(one.get("plans").size()).isEqualTo(33);
    for (int i = 0; i < one.get("plans").size(); i++) {
      assertThat(four.get("plans").get(i).get("memory").get("cacheBytes").longValue())
          .isEqualTo(4 * one.get("plans").get(i).get("memory").get("cacheBytes").longValue());
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
