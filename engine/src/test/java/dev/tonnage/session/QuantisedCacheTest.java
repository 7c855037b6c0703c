package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and values in quantised caches, against the same model with a cache that rounds nothing. */
class QuantisedCacheTest {

  /**
   * Of 32 numbers of a bell curve the largest is some 2.1 deviations, a 127th of which is a step,
   * and a step's error is its 3.5th part: half a percent, here and there several times that.
   */
  private static final double EIGHT_BITS = 0.02;

  /** A step is an eighth of the largest: sixteen times as much. */
  private static final double FOUR_BITS = 16 * EIGHT_BITS;

  @TempDir private static Path folder;

  static Stream<Arguments> caches() {
    return Stream.of(
            Arguments.of(DType.Q8_0, DType.Q8_0, EIGHT_BITS),
            Arguments.of(DType.Q8_0, DType.F16, EIGHT_BITS),
            Arguments.of(DType.F32, DType.Q8_0, EIGHT_BITS),
            Arguments.of(DType.Q4_0, DType.F32, FOUR_BITS),
            Arguments.of(DType.F16, DType.Q4_0, FOUR_BITS),
            Arguments.of(DType.Q8_0, DType.Q4_0, FOUR_BITS))
        .flatMap(cache ->
            KernelChoice.levels().stream()
                .map(level -> Arguments.of(level, cache.get()[0], cache.get()[1], cache.get()[2])));
  }

  @ParameterizedTest
  @MethodSource("caches")
  void logitsDifferByWhatRoundingTheCacheCosts(Level level, DType keys, DType values, double most) {
    // heads of 64, and weights for which no level rounds activations
    TinyLlama tiny = TinyLlamas.Q4_K.model().withName("unrounded").withStorage(TinyStorage.F32);
    int[] prompt = OpenModels.ints(tiny.prompt());
    float[][] exact = logits(tiny, prompt, level, DType.F32, DType.F32);
    float[][] found = logits(tiny, prompt, level, keys, values);
    double squares = 0;
    double spread = 0;
    for (int at = 0; at < prompt.length; at++) {
      double mean = mean(exact[at]);
      for (int id = 0; id < exact[at].length; id++) {
        squares += Math.pow(found[at][id] - exact[at][id], 2);
        spread += Math.pow(exact[at][id] - mean, 2);
      }
    }
    // and not nothing: then the cache would not be what was asked for
    assertThat(Math.sqrt(squares / spread)).as("%s, %s", keys, values).isBetween(1e-4, most);
  }

  @ParameterizedTest
  @MethodSource("caches")
  void chunksOfThePromptMakeNoDifference(Level level, DType keys, DType values, double most) {
    TinyLlama tiny = TinyLlamas.Q4_K.model();
    int[] prompt = OpenModels.ints(tiny.prompt());
    LoadSettings settings = OpenModels.settings().withCache(keys, values);
    try (LoadedModel model = OpenModels.open(tiny, folder, settings, level);
        Session whole = model.session();
        Session pieces = model.session()) {
      whole.read(prompt, (_, _) -> {});
      for (int at = 0; at < prompt.length; at += 7) {
        int end = Math.min(prompt.length, at + 7);
        pieces.read(Arrays.copyOfRange(prompt, at, end), (_, _) -> {});
      }
      assertThat(pieces.logits()).isEqualTo(whole.logits());
    }
  }

  private static float[][] logits(
      TinyLlama tiny, int[] prompt, Level level, DType keys, DType values) {
    float[][] logits = new float[prompt.length][];
    LoadSettings settings = OpenModels.settings().withCache(keys, values);
    try (LoadedModel model = OpenModels.open(tiny, folder, settings, level);
        Session session = model.session()) {
      session.readEach(prompt, (position, row) -> logits[position] = row.clone());
    }
    return logits;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
