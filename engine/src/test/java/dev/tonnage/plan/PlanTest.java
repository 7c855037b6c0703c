package dev.tonnage.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.scalar.ScalarKernels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Where a guide of 2026 to large models on a Mac Studio errs by arithmetic, and where it holds. */
class PlanTest {

  private static final String ORIGIN = ".+, \\d{4}-\\d\\d-\\d\\d";

  private final ModelCatalogue models = ModelCatalogue.own();
  private final MachineCatalogue machines = MachineCatalogue.own();

  private Plan plan(String model, QuantMix mix, int contextTokens, String machine) {
    return new Site.Elsewhere(machines.machine(machine), new ScalarKernels())
        .plan(
            models.model(model).header(mix),
            LoadSettings.defaults().withContext(contextTokens),
            Engine.TONNAGE);
  }

  @Test
  void threeBitsOfLlama405BDoNotFit192GB() {
    Plan plan = plan("llama-3.1-405b", QuantMix.Q3_K_M, 32_768, "m2-ultra-192");
    assertThat(plan.memory().fits()).isFalse();
    assertThat(plan.memory().cacheBytes() / 1e9).isCloseTo(16.9, within(0.05));
  }

  @Test
  void twoBitsOfLlama405BFit512GBWith32KTokens() {
    Plan plan = plan("llama-3.1-405b", QuantMix.Q2_K, 32_768, "m3-ultra-512");
    assertThat(plan.memory().fits()).isTrue();
    assertThat(plan.memory().budgetBytes()).isGreaterThan(3 * plan.memory().weightBytes());
  }

  @Test
  void fourBitsOf70BCannotGive25TokensASecond() {
    Plan plan = plan("llama-3.3-70b", QuantMix.Q4_K_M, 1024, "m3-ultra-512");
    assertThat(plan.mostTokensPerSecond().orElseThrow()).isBetween(19.0, 20.0);
  }

  @Test
  void fullPrecisionOf405BDoesNotFit512GB() {
    assertThat(plan("llama-3.1-405b", QuantMix.BF16, 4096, "m3-ultra-512").memory().fits())
        .isFalse();
  }

  @Test
  void modelsOf100BAndMoreFit128GB() {
    for (String model : new String[] {"gpt-oss-120b", "glm-4.5-air", "command-r-plus"}) {
      QuantMix mix = model.startsWith("gpt") ? QuantMix.MXFP4_MOE : QuantMix.Q4_K_M;
      assertThat(plan(model, mix, 8192, "m4-max-128").memory().fits()).as(model).isTrue();
    }
  }

  @Test
  void theCacheOf128KTokensTakesWhatShapesSay() {
    assertThat(plan("llama-3.1-405b", QuantMix.Q2_K, 131_072, "m3-ultra-512").memory().cacheBytes())
        .isEqualTo(516_096L * 131_072);
    assertThat(plan("deepseek-v3", QuantMix.Q2_K, 131_072, "m3-ultra-512").memory().cacheBytes())
        .isEqualTo(70_272L * 131_072);
  }

  @Test
  void theNearestNamesAreOffered() {
    assertThatThrownBy(() -> machines.machine("m3ultra-512"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("m3-ultra-512");
    assertThatThrownBy(() -> models.model("llama-405b"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("llama-3.1-405b");
  }

  @Test
  void aKeyThatACatalogueDoesNotHaveIsAnError() {
    byte[] json =
        """
        [{"name": "mine", "title": "Mine", "graphics": "none", "cores": 8, "memoryGib": [64],
          "numbers": {"bandwidthGbPerS": [100, "me", "2026-12-01"]}, "gpuLimitGib": {},
          "sold": ["me", "2026-12-01"], "colour": "grey"}]
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> machines.add("mine.json", json))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("colour");
  }

  @Test
  void everyMachineAndModelSaysWhereItsNumbersWereRead() {
    assertThat(machines.machines())
        .isNotEmpty()
        .allSatisfy(machine -> assertThat(machine.sold()).matches(ORIGIN))
        .flatExtracting(machine -> machine.numbers().values())
        .allSatisfy(fact -> assertThat(fact.origin()).matches(ORIGIN));
    assertThat(models.models())
        .isNotEmpty()
        .allSatisfy(model -> assertThat(model.source()).matches(ORIGIN));
  }
}
