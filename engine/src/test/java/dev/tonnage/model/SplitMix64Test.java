package dev.tonnage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  @Test
  void theSequenceIsThePublishedOne() {
    // the numbers that implementations of SplitMix64 are commonly checked with
    var random = new SplitMix64(1234567);
    assertThat(random.next()).isEqualTo(6457827717110365317L);
    assertThat(random.next()).isEqualTo(3203168211198807973L);
    assertThat(random.next()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }

  @Test
  void theBellCurveHasMeanZeroAndDeviationOne() {
    var random = new SplitMix64(1);
    int draws = 100_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double x = random.gaussian();
      sum += x;
      squares += x * x;
    }
    assertThat(sum / draws).isCloseTo(0, within(0.01));
    assertThat(squares / draws).isCloseTo(1, within(0.02));
  }

  @Test
  void namesUnderOneSeedHaveSequencesOfTheirOwn() {
    assertThat(SplitMix64.of(1, "a").next()).isEqualTo(SplitMix64.of(1, "a").next());
    assertThat(SplitMix64.of(1, "a").next()).isNotEqualTo(SplitMix64.of(1, "b").next());
    assertThat(SplitMix64.of(1, "a").next()).isNotEqualTo(SplitMix64.of(2, "a").next());
  }
}
