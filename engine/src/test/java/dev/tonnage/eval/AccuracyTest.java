package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyTest {

  /**
   * Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
   */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void theIntervalIsThePublishedOne(int right, int questions, double low, double high) {
    Interval interval = new Accuracy(right, questions).interval();
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void allRightIsAsFarFromOneAsNoneFromZero() {
    Interval none = new Accuracy(0, 20).interval();
    Interval all = new Accuracy(20, 20).interval();
    assertThat(all.high()).isEqualTo(1);
    assertThat(all.low()).isCloseTo(1 - none.high(), within(1e-12));
  }

  @Test
  void ofOneShareTheMeansIntervalIsItsOwn() {
    var share = new Accuracy(31, 100);
    Interval mean = Accuracy.meanInterval(List.of(share));
    assertThat(mean.low()).isCloseTo(share.interval().low(), within(1e-12));
    assertThat(mean.high()).isCloseTo(share.interval().high(), within(1e-12));
  }

  @Test
  void theMeanCountsSubjectsAlike() {
    assertThat(Accuracy.mean(List.of(new Accuracy(1, 1), new Accuracy(0, 99)))).isEqualTo(0.5);
  }

  /** What 95% means: of many surveys of known subjects, so many have the truth inside. */
  @Test
  void theMeansIntervalHoldsTheTruthAsOftenAsItSays() {
    long seed = 95;
    var random = new Random(seed);
    double[] truths = {0.05, 0.25, 0.4, 0.6, 0.95};
    int[] questions = {20, 100, 30, 200, 50};
    int surveys = 4000;
    int inside = 0;
    for (int survey = 0; survey < surveys; survey++) {
      Accuracy[] shares = new Accuracy[truths.length];
      for (int subject = 0; subject < truths.length; subject++) {
        int right = 0;
        for (int question = 0; question < questions[subject]; question++) {
          right += random.nextDouble() < truths[subject] ? 1 : 0;
        }
        shares[subject] = new Accuracy(right, questions[subject]);
      }
      Interval interval = Accuracy.meanInterval(List.of(shares));
      inside += interval.low() <= 0.45 && 0.45 <= interval.high() ? 1 : 0;
    }
    assertThat((double) inside / surveys).as("seed %d", seed).isBetween(0.935, 0.975);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 2", "3, 2"})
  void countsThatCannotBeAreRefused(int right, int questions) {
    assertThatThrownBy(() -> new Accuracy(right, questions))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
