package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSoftmaxTest {

  @Test
  void probabilitiesAddUpToOne() {
    long seed = 4242;
    var random = new Random(seed);
    float[] logits = new float[1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (10 * random.nextGaussian());
    }
    var chances = new LogSoftmax(logits);
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      sum += Math.exp(chances.logProbability(id));
    }
    assertThat(sum).as("seed %d", seed).isCloseTo(1, within(1e-12));
  }

  @Test
  void knownOddsHaveKnownLogarithms() {
    float[] logits = {(float) Math.log(1), (float) Math.log(2), (float) Math.log(5)};
    var chances = new LogSoftmax(logits);
    assertThat(chances.logProbability(0)).isCloseTo(Math.log(1 / 8.0), within(1e-7));
    assertThat(chances.logProbability(1)).isCloseTo(Math.log(2 / 8.0), within(1e-7));
    assertThat(chances.logProbability(2)).isCloseTo(Math.log(5 / 8.0), within(1e-7));
    assertThat(chances.best()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(floats = {-3e38f, -1e4f, 1e4f, 3e38f})
  void largeLogitsDoNotOverflow(float base) {
    var chances = new LogSoftmax(new float[] {base, base});
    assertThat(chances.finite()).isTrue();
    assertThat(chances.logProbability(1)).isCloseTo(Math.log(0.5), within(1e-12));
  }

  @Test
  void ofEqualOnesTheFirstIsBest() {
    assertThat(new LogSoftmax(new float[] {1, 3, 2, 3}).best()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNoNumberIsSeenWhereverItIs(float odd) {
    for (int at = 0; at < 3; at++) {
      float[] logits = {1, 2, 3};
      logits[at] = odd;
      assertThat(new LogSoftmax(logits).finite()).as("at %d", at).isFalse();
    }
  }
}
