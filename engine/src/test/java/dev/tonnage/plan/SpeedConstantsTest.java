package dev.tonnage.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Constants are those that fit measurements.csv best, and forecasts of held-back.csv, on which
 * nothing was fitted, are as good as docs/planning.md says. Both are measurements that others
 * published, with their sources.
 */
class SpeedConstantsTest {

  private final List<MeasuredSpeed> fitted = MeasuredSpeed.read("measurements.csv");
  private final List<MeasuredSpeed> heldBack = MeasuredSpeed.read("held-back.csv");

  private List<MeasuredSpeed> of(Engine... engines) {
    return fitted.stream().filter(row -> Arrays.asList(engines).contains(row.engine())).toList();
  }

  private static void assertConstants(Engine engine, double... shareDenseMixture) {
    SpeedConstants constants = SpeedConstants.of(engine);
    double[] actual = {
      constants.bandwidthShare(), constants.denseLayerSeconds(), constants.mixtureLayerSeconds()
    };
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i])
          .as(engine + " " + i)
          .isCloseTo(shareDenseMixture[i], within(0.01 * shareDenseMixture[i]));
    }
  }

  @Test
  void onMetalConstantsFitBest() {
    List<MeasuredSpeed> metal = of(Engine.LLAMA_CPP_METAL);
    double[] best =
        SpeedFit.best(x -> SpeedFit.ofGeneration(metal, x[0], x[1], x[2]), 0.8, 1e-4, 2e-4);
    assertConstants(Engine.LLAMA_CPP_METAL, best);
    List<MeasuredSpeed> mlx = of(Engine.MLX_METAL); // two measurements, two constants
    double[] layers =
        SpeedFit.best(x -> SpeedFit.ofGeneration(mlx, best[0], x[0], x[1]), 1e-4, 2e-4);
    assertConstants(Engine.MLX_METAL, best[0], layers[0], layers[1]);
  }

  @Test
  void onCudaConstantsFitBestWhereMixturesWaitAsOnMetal() {
    SpeedConstants metal = SpeedConstants.of(Engine.LLAMA_CPP_METAL);
    double ratio = metal.mixtureLayerSeconds() / metal.denseLayerSeconds();
    List<MeasuredSpeed> cuda = of(Engine.LLAMA_CPP_CUDA);
    double[] best =
        SpeedFit.best(x -> SpeedFit.ofGeneration(cuda, x[0], x[1], ratio * x[1]), 0.7, 1e-5);
    assertConstants(Engine.LLAMA_CPP_CUDA, best[0], best[1], ratio * best[1]);
  }

  @Test
  void onCoresConstantsFitBest() {
    List<MeasuredSpeed> cores = of(Engine.LLAMA_CPP_CORES);
    double[] best = SpeedFit.best(x -> SpeedFit.ofGeneration(cores, x[0], x[1], x[1]), 0.7, 1e-5);
    assertConstants(Engine.LLAMA_CPP_CORES, best[0], best[1], best[1]);
  }

  @Test
  void computeSharesFitPromptsBest() {
    List<MeasuredSpeed> metal = of(Engine.LLAMA_CPP_METAL, Engine.MLX_METAL);
    assertComputeShare(Engine.LLAMA_CPP_METAL, metal);
    assertComputeShare(Engine.MLX_METAL, metal);
    assertComputeShare(Engine.LLAMA_CPP_CORES, of(Engine.LLAMA_CPP_CORES));
  }

  private static void assertComputeShare(Engine engine, List<MeasuredSpeed> rows) {
    double best = SpeedFit.best(x -> SpeedFit.ofPrompts(rows, x[0]), 0.6)[0];
    assertThat(SpeedConstants.of(engine).computeShare().orElseThrow())
        .as(engine + "")
        .isCloseTo(best, within(0.01 * best));
  }

  @Test
  void whatWasFittedIsMetWithinATenth() {
    assertThat(fitted)
        .allSatisfy(row -> row.ratios().forEach(each -> assertThat(each).isBetween(0.9, 1.1)));
  }

  /** As docs/planning.md says. */
  @Test
  void whatWasHeldBackIsMetWithinFifteenPercentInHalfAndBandsHoldAlmostNineInTen() {
    List<Double> errors = new ArrayList<>();
    int inside = 0;
    for (MeasuredSpeed row : heldBack) {
      if (row.isForecast()) {
        row.ratios().forEach(ratio -> errors.add(Math.abs(ratio - 1)));
        inside += row.inside();
      }
    }
    errors.sort(null);
    double median = errors.get(errors.size() / 2);
    assertThat(errors).hasSizeGreaterThan(150);
    assertThat(median).isLessThan(0.12);
    assertThat((double) inside / errors.size()).isGreaterThan(0.885);
  }

  @Test
  void bandsAreNoWiderThanTheyMayBe() {
    for (MeasuredSpeed row : heldBack) {
      Band band = row.forecast().tokensPerSecond(row.depthTokens(), 1);
      assertThat(band.high() / band.low()).isLessThan(1.8);
      row.forecast()
          .promptSeconds(row.promptTokens())
          .ifPresent(each -> assertThat(each.high() / each.low()).isLessThan(1.8));
    }
  }
}
