package dev.tonnage.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.calibrate.SyntheticModel.Kind;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.os.MappedFile;
import dev.tonnage.plan.Calibration;
import dev.tonnage.plan.Calibration.AttentionRate;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CalibratorTest {

  private static final long BYTES = 64L << 20;

  @TempDir private Path folder;

  @Test
  void weightsAreModerateNumbersAndStorageIsReadOrSaidNotToBe() throws IOException {
    WeightsFile file = WeightsFile.write(folder.resolve("weights"), BYTES);
    assertThat(Files.size(file.path())).isEqualTo(BYTES);
    byte[] bytes = Files.readAllBytes(file.path());
    for (byte each : bytes) {
      assertThat(each >= 0x20 && each < 0x40).isTrue();
    }
    file.storageBytesPerSecond().ifPresent(rate -> assertThat(rate).isPositive().isFinite());
  }

  @Test
  void everyFormatThatIsComputedHasRates() {
    WeightsFile weights = WeightsFile.write(folder.resolve("weights"), 8 * BYTES);
    KernelChoice choice = KernelChoice.make(BYTES);
    try (MappedFile file = MappedFile.open(weights.path());
        Cpu cpu = new Cpu(choice.kernels(), 2)) {
      var rates = new FormatRates(cpu, file.bytes());
      for (DType type : List.of(DType.F32, DType.Q4_K, DType.Q8_0, DType.U4, DType.E4M3)) {
        FormatRates.Rate rate = rates.of(type);
        assertThat(rate.memoryShare()).as(type + "").isPositive().isFinite();
        assertThat(rate.promptMultiplyAddsPerSecond()).as(type + "").isPositive().isFinite();
        assertThat(rate.expertMultiplyAddsPerSecond()).as(type + "").isPositive().isFinite();
      }
      assertThat(rates.memoryBytesPerSecond(0.1))
          .isPositive()
          .isLessThanOrEqualTo(rates.memoryBytesPerSecond(0.5));
    } finally {
      choice.kernels().release();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void syntheticModelsAreOpenedAndTimed(Kind kind) {
    Path file = folder.resolve("model.gguf");
    new SyntheticModel(kind, 2, 256, 4, 256, 2048).write(file);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.tensorHeaders()).isNotEmpty();
    }
    try (ModelTimes times = ModelTimes.open(file, 2)) {
      assertThat(times.layerSeconds(1e9)).isBetween(0.0, 1.0);
      AttentionRate rate = times.attention();
      assertThat(rate.generationBytesPerSecond()).isPositive();
      assertThat(rate.promptMultiplyAddsPerSecond()).isPositive();
      assertThat(times.activationSeconds(1e12, rate)).isBetween(0.0, 1e-3);
    }
  }

  @Tag("soak")
  @Test
  void aWholeCalibrationIsKeptAndLeavesNothingElseBehind() throws IOException {
    List<String> said = new ArrayList<>();
    Calibration measured = new Calibrator(folder, 2, said::add).run();
    assertThat(said).contains("weights as Q4_K");
    assertThat(measured.readBytesPerSecond()).containsOnlyKeys(1, 2);
    assertThat(Calibration.read("kept", measured.json())).isEqualTo(measured);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
