package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy and seeded draws, and logits that are none. */
class SamplerTest {

  private static final SamplerSettings PLAIN = SamplerSettings.greedy().withTemperature(1);

  @Test
  void greedyTakesTheLowestIdAmongEquals() {
    assertThat(greedy(1, 3, 3, 2)).isEqualTo(1);
    assertThat(greedy(-5, -5, -5)).isZero();
    assertThat(greedy(-0f, 0f)).isZero();
    assertThat(greedy(0f, -0f)).isZero();
    assertThat(greedy(Float.NaN, Float.NEGATIVE_INFINITY, -3e38f, Float.NaN)).isEqualTo(2);
  }

  private static int greedy(float... logits) {
    return new Sampler(SamplerSettings.greedy(), logits.length).next(logits);
  }

  @Test
  void greedyGoesThroughThePenaltiesFirst() {
    var sampler =
        new Sampler(SamplerSettings.greedy().withPenalties(Penalties.NONE.withRepeat(2)), 3);
    sampler.accept(1);
    assertThat(sampler.next(new float[] {2.5f, 4, 1})).isZero();
    assertThat(sampler.next(new float[] {2.5f, 4, 1})).isEqualTo(1); // 0 was drawn, too
  }

  @Test
  void theSameSeedDrawsTheSameTokens() {
    float[] logits = new float[50];
    var random = new SplittableRandom(3);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) random.nextDouble();
    }
    assertThat(draws(logits, 11)).isEqualTo(draws(logits, 11)).isNotEqualTo(draws(logits, 12));
  }

  private static List<Integer> draws(float[] logits, long seed) {
    var sampler = new Sampler(SamplerSettings.defaults().withSeed(seed), logits.length);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(sampler.next(logits));
    }
    return ids;
  }

  /** An unchanged array: who looks at the logits afterwards sees the model's. */
  @Test
  void theLogitsStayAsTheyWere() {
    float[] logits = {1, 2, 3, Float.NaN};
    var sampler =
        new Sampler(SamplerSettings.defaults().withPenalties(Penalties.NONE.withRepeat(2)), 4);
    sampler.accept(0, 1, 2);
    sampler.next(logits);
    assertThat(logits).containsExactly(1, 2, 3, Float.NaN);
  }

  @Test
  void aBiasComesBeforeEverythingElse() {
    SamplerSettings greedy = SamplerSettings.greedy();
    float[] logits = {3, 2, 1};
    assertThat(new Sampler(greedy.withLogitBias(LogitBias.NONE.with(2, 2.5)), 3).next(logits))
        .isEqualTo(2);
    LogitBias ban = LogitBias.NONE.with(0, Double.NEGATIVE_INFINITY);
    assertThat(new Sampler(greedy.withLogitBias(ban), 3).next(logits)).isEqualTo(1);
    SamplerSettings first =
        greedy.withLogitBias(ban).withTruncation(Truncation.NONE.withTopK(1)).withTemperature(1);
    assertThat(new Sampler(first, 3).next(logits)).isEqualTo(1);
  }

  @Test
  void biasesThatLeaveNothingOrNameNoTokenAreRefused() {
    double ban = Double.NEGATIVE_INFINITY;
    SamplerSettings settings =
        SamplerSettings.defaults().withLogitBias(LogitBias.NONE.with(0, ban).with(1, ban));
    assertThatThrownBy(() -> new Sampler(settings, 3).next(new float[] {1, 2, Float.NaN}))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("logit-bias: expected a token that may be drawn");
    assertThatThrownBy(() -> new Sampler(settings, 1))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("logit-bias: expected a token's id from 0 to 0, but found 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, 1e-6, 1, 1e5})
  void logitsThatAreNoNumbersAreAnErrorAndNoEndlessSearch(double temperature) {
    float[][] hostile = {
      {Float.NaN, Float.NaN, Float.NaN},
      {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
      {Float.NEGATIVE_INFINITY, Float.NaN},
      {1, Float.POSITIVE_INFINITY, 2},
      {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY}
    };
    for (float[] logits : hostile) {
      for (SamplerSettings settings :
          List.of(
              PLAIN, SamplerSettings.defaults().withPenalties(Penalties.NONE.withRepeat(1.2)))) {
        var sampler = new Sampler(settings.withTemperature(temperature), logits.length);
        sampler.accept(1);
        assertThatThrownBy(() -> sampler.next(logits))
            .as("%s with %s", Arrays.toString(logits), settings)
            .isInstanceOf(BadFile.class)
            .hasMessageContaining("logits");
      }
    }
  }

  @Test
  void extremeTemperaturesDrawTheGreatestOrAnything() {
    float[] logits = {-Float.MAX_VALUE, 1, 1.0001f, Float.MAX_VALUE};
    var cold = new Sampler(PLAIN.withTemperature(1e-9), 4);
    var hot = new Sampler(PLAIN.withTemperature(999_999), 2);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      assertThat(cold.next(logits)).isEqualTo(3);
      drawn.add(hot.next(new float[] {0, 1000}));
    }
    assertThat(drawn).contains(0, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aTokenBeyondTheVocabularyIsRefused(int token) {
    var sampler = new Sampler(PLAIN, 4);
    assertThatThrownBy(() -> sampler.accept(1, token))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("0 to 3")
        .hasMessageContaining(token + "");
  }
}
