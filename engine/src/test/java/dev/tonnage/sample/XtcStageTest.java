package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** XTC against its definition; how often it happens is a matter of {@link DrawTest}. */
class XtcStageTest {

  @Test
  void ofTheTopChoicesTheLeastProbableStays() {
    long seed = 23;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      float[] logits = RandomLogits.draw(random);
      var xtc = new Xtc(1, random.nextInt(5) == 0 ? 0 : random.nextDouble(0.6));
      Candidates candidates = Comparison.candidates(logits);
      new XtcStage(xtc, random).apply(candidates);
      Comparison.assertSame(
          "seed %d, round %d: %s of %s".formatted(seed, round, xtc, Arrays.toString(logits)),
          candidates,
          Textbook.xtc(Textbook.tokens(logits), xtc));
    }
  }

  @Test
  void aSingleTopChoiceStays() {
    Candidates candidates = Comparison.candidates(10, 0, 0);
    new XtcStage(new Xtc(1, 0.1), new SplittableRandom(1)).apply(candidates);
    assertThat(candidates.size()).isEqualTo(3);
  }

  /** The second token's draw does not depend on what the first one's logits were. */
  @Test
  void eachTokenTakesTwoRandomNumbers() {
    SamplerSettings settings =
        SamplerSettings.greedy().withTemperature(1).withXtc(new Xtc(0.5, 0.1));
    for (long seed = 0; seed < 50; seed++) {
      var one = new Sampler(settings.withSeed(seed), 4);
      var other = new Sampler(settings.withSeed(seed), 4);
      one.next(new float[] {0, 0, 0, 0});
      other.next(new float[] {100, Float.NaN, 0, 0});
      float[] logits = {1, 2, 3, 4};
      List<Integer> drawn = List.of(one.next(logits), one.next(logits));
      assertThat(List.of(other.next(logits), other.next(logits))).isEqualTo(drawn);
    }
  }
}
