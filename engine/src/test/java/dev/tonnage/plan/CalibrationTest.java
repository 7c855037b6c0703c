package dev.tonnage.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.error.BadFile;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.Calibration.AttentionRate;
import dev.tonnage.plan.Calibration.FormatRate;
import dev.tonnage.plan.Calibration.MemoryRange;
import dev.tonnage.tensor.DType;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static final double READ = 10e9;
  private static final double MULTIPLY = 100e9;

  private static Calibration calibration(double layerSeconds, OptionalDouble storage) {
    Map<DType, FormatRate> formats = new EnumMap<>(DType.class);
    for (DType type : new DType[] {DType.F32, DType.Q8_0}) {
      formats.put(type, new FormatRate(READ, MULTIPLY, MULTIPLY / 2));
    }
    return new Calibration(
        "a processor",
        "kernels",
        2,
        "2026-12-01",
        new TreeMap<>(Map.of(1, READ / 2, 2, READ)),
        new MemoryRange(READ / 2, READ, READ),
        formats,
        layerSeconds,
        2 * layerSeconds,
        0,
        new AttentionRate(READ, MULTIPLY),
        new AttentionRate(READ, MULTIPLY),
        storage);
  }

  private static Plan plan(QuantMix mix, Calibration calibration) {
    var here = new Machine("a processor", "a system", 2, 64L << 30, 60L << 30);
    return new Site.Here(here, Optional.of(calibration), new ScalarKernels())
        .plan(
            ModelCatalogue.own().model("llama-3.1-8b").header(mix),
            LoadSettings.defaults().withContext(4096),
            Engine.TONNAGE);
  }

  @Test
  void whatIsKeptIsReadAgain() {
    for (OptionalDouble storage :
        new OptionalDouble[] {OptionalDouble.of(1e9), OptionalDouble.empty()}) {
      Calibration one = calibration(1e-5, storage);
      assertThat(Calibration.read("here", one.json())).isEqualTo(one);
    }
    String json = new String(calibration(0, OptionalDouble.empty()).json(), StandardCharsets.UTF_8);
    assertThatThrownBy(() ->
            Calibration.read(
                "kept.json", json.replace("threads", "fibers").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("kept.json");
  }

  @Test
  void itHoldsForItsProcessorAndItsThreadsAlone() {
    Calibration it = calibration(0, OptionalDouble.empty());
    assertThat(it.holds("a processor", 2)).isTrue();
    assertThat(it.holds("a processor", 4)).isFalse();
    assertThat(it.holds("another", 2)).isFalse();
  }

  @Test
  void generationTakesBytesOverTheirRateAndLayersBesides() {
    Plan plan = plan(QuantMix.Q8_0, calibration(1e-3, OptionalDouble.empty()));
    Band rate = plan.tokensPerSecond().orElseThrow();
    double seconds = plan.stepBytes() / READ + 32 * 1e-3;
    assertThat(rate.likely()).isCloseTo(1 / seconds, within(1e-6));
    assertThat(rate.low()).isLessThan(0.6 * rate.likely()); // memory sometimes gives half
    assertThat(plan.mostTokensPerSecond().orElseThrow())
        .isCloseTo(READ / plan.stepBytes(), within(1e-6));
  }

  @Test
  void promptsTakeTheirMultiplyAddsOverTheirRate() {
    Plan plan = plan(QuantMix.Q8_0, calibration(0, OptionalDouble.empty()));
    double multiplyAdds = plan.work().promptMultiplyAdds(0, 4096, Workload.Latents.ABSORBED);
    assertThat(plan.promptSeconds().orElseThrow().likely())
        .isCloseTo(multiplyAdds / MULTIPLY, within(0.01 * multiplyAdds / MULTIPLY));
  }

  @Test
  void aFormatThatWasNotMeasuredHasNoSpeed() {
    assertThat(plan(QuantMix.Q4_K_M, calibration(0, OptionalDouble.empty())).speed()).isEmpty();
  }
}
