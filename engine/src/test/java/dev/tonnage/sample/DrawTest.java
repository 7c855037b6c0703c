package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.sample.Textbook.Token;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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
    Xtc often = new Xtc(0.3, 0.1);
    SamplerSettings everything =
        PLAIN
            .withTemperature(1.4)
            .withTruncation(new Truncation(2, 9, 0.97, 0.95, 0.02))
            .withXtc(often);
    return Stream.of(
        PLAIN,
        PLAIN.withTemperature(0.6),
        PLAIN.withTemperature(2.5),
        PLAIN.withTruncation(all.withTopNSigma(1)),
        PLAIN.withTruncation(all.withTopK(5)),
        PLAIN.withTruncation(all.withTypicalP(0.6)),
        PLAIN.withTruncation(all.withTopP(0.8)),
        PLAIN.withTruncation(all.withMinP(0.2)),
        PLAIN.withXtc(often),
        PLAIN.withXtc(new Xtc(0.01, 0.1)),
        PLAIN.withXtc(new Xtc(1, 0.1)),
        SamplerSettings.defaults().withSeed(7),
        everything,
        everything.withOrder(StageName.order("temperature;xtc;min_p;top_p;typ_p;top_k")));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void drawsAreAsFrequentAsTheyAreProbable(SamplerSettings settings) {
    assertDrawn(settings, LOGITS);
  }

  @Test
  void drawsFromHundredsOfTokensAreAsFrequentAsTheyAreProbable() {
    float[] logits = new float[500];
    var random = new SplittableRandom(12);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) random.nextGaussian();
    }
    assertDrawn(PLAIN, logits);
  }

  private static void assertDrawn(SamplerSettings settings, float... logits) {
    double[] exact = exact(settings, logits);
    int[] counts = new int[logits.length];
    var sampler = new Sampler(settings, logits.length);
    for (int i = 0; i < 100_000; i++) {
      counts[sampler.next(logits)]++;
    }
    assertThat(ChiSquare.probability(exact, counts))
        .as("%s: %s for %s", settings, Arrays.toString(counts), Arrays.toString(exact))
        .isGreaterThan(ChiSquare.IMPROBABLE);
  }

  /** XTC makes it a mixture: as often as it happens, all comes from what it leaves. */
  private static double[] exact(SamplerSettings settings, float... logits) {
    double happens = settings.xtc().probability();
    double[] with = throughTheChain(settings.withXtc(new Xtc(1, 0.1)), logits);
    double[] without = throughTheChain(settings.withXtc(Xtc.OFF), logits);
    double[] mixture = new double[logits.length];
    for (int id = 0; id < mixture.length; id++) {
      mixture[id] = happens * with[id] + (1 - happens) * without[id];
    }
    return mixture;
  }

  private static double[] throughTheChain(SamplerSettings settings, float... logits) {
    List<Token> tokens = Textbook.tokens(logits);
    for (StageName stage : settings.order()) {
      tokens = Textbook.apply(stage, tokens, settings, List.of());
    }
    return Textbook.probabilities(tokens, logits.length);
  }
}
