package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.sample.Textbook.Token;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 100,000 draws are as frequent as they are probable: each stage alone, and together. */
class DrawTest {

  private static final float[] LOGITS = {
    1, 2.5f, -1, 2.5f, 0, 3, Float.NEGATIVE_INFINITY, Float.NaN, 1.5f, 2, -4, 2
  };

  private static final SamplerSettings PLAIN =
      SamplerSettings.greedy().withTemperature(1).withSeed(7);

  static Stream<SamplerSettings> settings() {
    Truncation all = Truncation.NONE;
    return Stream.of(
        PLAIN,
        PLAIN.withTemperature(0.6),
        PLAIN.withTemperature(2.5),
        PLAIN.withTruncation(all.withTopK(5)),
        PLAIN.withTruncation(all.withTopP(0.8)),
        PLAIN.withTruncation(all.withMinP(0.2)),
        PLAIN.withTruncation(all.withTypicalP(0.6)),
        PLAIN.withTruncation(all.withTopNSigma(1)),
        SamplerSettings.defaults().withSeed(7));
  }

  /** Once with XTC and once without it, as often as the settings say. */
  @Test
  void excludedTopChoicesAreAMixtureOfTwoDistributions() {
    for (double probability : new double[] {0.01, 0.3, 1}) {
      SamplerSettings settings = PLAIN.withXtc(new Xtc(probability, 0.1));
      List<Token> tokens = Textbook.tokens(LOGITS);
      double[] without = Textbook.probabilities(tokens, LOGITS.length);
      double[] with =
          Textbook.probabilities(Textbook.xtc(tokens, settings.xtc()), LOGITS.length);
      double[] exact = new double[LOGITS.length];
      for (int id = 0; id < exact.length; id++) {
        exact[id] = probability * with[id] + (1 - probability) * without[id];
      }
      assertDrawn(settings, exact);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void drawsAreAsFrequentAsTheyAreProbable(SamplerSettings settings) {
    List<Token> tokens = Textbook.tokens(LOGITS);
    for (StageName stage : settings.order()) {
      tokens = Textbook.apply(stage, tokens, settings, List.of());
    }
    assertDrawn(settings, Textbook.probabilities(tokens, LOGITS.length));
  }

  private static void assertDrawn(SamplerSettings settings, double[] exact) {
    int[] counts = new int[LOGITS.length];
    var sampler = new Sampler(settings, LOGITS.length);
    for (int i = 0; i < 100_000; i++) {
      counts[sampler.next(LOGITS)]++;
    }
    assertThat(ChiSquare.probability(exact, counts))
        .as("%s: %s for %s", settings, Arrays.toString(counts), Arrays.toString(exact))
        .isGreaterThan(ChiSquare.IMPROBABLE);
  }
}
