package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.sample.Textbook.Distribution;
import dev.tonnage.sample.Textbook.Token;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mirostat against its definition, and against its promise. */
class MirostatDrawTest {

  /** The probabilities of a thousand words of a text, by Zipf's law: 7.5 bits of entropy. */
  private static final float[] ZIPF = zipf(1000);

  private static float[] zipf(int words) {
    float[] logits = new float[words];
    for (int rank = 1; rank <= words; rank++) {
      logits[rank - 1] = (float) -Math.log(rank);
    }
    return logits;
  }

  /** The paper's algorithm 2, with a bound of its own that follows what was drawn. */
  @Test
  void nothingIsDrawnThatSurprisesMoreThanTheBound() {
    long seed = 29;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      var mirostat =
          Mirostat.VERSION_2
              .withTargetSurprise(random.nextDouble(6))
              .withLearningRate(random.nextDouble(0.5));
      double bound = 2 * mirostat.targetSurprise();
      var draw = new MirostatDraw(mirostat, random);
      int vocabulary = random.nextInt(1, 41);
      for (int step = 0; step < 30; step++) {
        float[] logits = RandomLogits.draw(random, vocabulary);
        List<Token> left = unsurprising(Textbook.tokens(logits), bound);
        Candidates candidates = Comparison.candidates(logits);
        int drawn = draw.draw(candidates);
        String description =
            "seed %d, round %d, step %d: %s of %s"
                .formatted(seed, round, step, mirostat, Arrays.toString(logits));
        Comparison.assertSame(description, candidates, left);
        Token token = left.stream().filter(t -> t.id() == drawn).findFirst().orElseThrow();
        double surprise = Distribution.of(left).surprise(token) / Math.log(2);
        bound -= mirostat.learningRate() * (surprise - mirostat.targetSurprise());
      }
    }
  }

  private static List<Token> unsurprising(List<Token> tokens, double bound) {
    Distribution all = Distribution.of(tokens);
    List<Token> left = tokens.stream().filter(t -> all.surprise(t) / Math.log(2) <= bound).toList();
    return left.isEmpty() ? Textbook.topK(tokens, 1) : left;
  }

  /**
   * The bound is a sum of rate times (target - surprise), and stays where it is: so the mean of the
   * surprise is the target but for the bound's way, divided by rate and draws, 20 / (0.1 · 20,000).
   */
  @ParameterizedTest
  @CsvSource({"1, 0.1", "5, 0.1", "3, 0.9"})
  void theSurpriseIsTheTargetOnAverage(double target, double rate) {
    long seed = 31;
    Mirostat mirostat = Mirostat.VERSION_2.withTargetSurprise(target).withLearningRate(rate);
    var draw = new MirostatDraw(mirostat, new SplittableRandom(seed));
    double sum = 0;
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      Candidates candidates = Comparison.candidates(ZIPF);
      int drawn = draw.draw(candidates);
      Softmax left = candidates.softmax();
      sum += left.surprise(ZIPF[drawn]) / Math.log(2);
    }
    assertThat(sum / draws).as("seed %d", seed).isCloseTo(target, within(0.01));
  }

  /** Seven bits of entropy are not enough for a target of twenty: everything may be drawn. */
  @Test
  void aTargetOutOfReachIsNoError() {
    Mirostat high = Mirostat.VERSION_2.withTargetSurprise(20);
    Mirostat zero = Mirostat.VERSION_2.withTargetSurprise(0);
    var any = new MirostatDraw(high, new SplittableRandom(1));
    var first = new MirostatDraw(zero, new SplittableRandom(1));
    for (int i = 0; i < 100; i++) {
      Candidates all = Comparison.candidates(ZIPF);
      any.draw(all);
      assertThat(all.size()).isEqualTo(ZIPF.length);
      assertThat(first.draw(Comparison.candidates(ZIPF))).isZero();
    }
  }

  /** The bound belongs to a sequence. */
  @Test
  void twoSequencesDoNotDisturbEachOther() {
    SamplerSettings settings =
        SamplerSettings.defaults().withMirostat(Mirostat.VERSION_2.withTargetSurprise(3));
    var alone = new Sampler(settings, ZIPF.length);
    var beside = new Sampler(settings, ZIPF.length);
    var other = new Sampler(settings.withSeed(99), ZIPF.length);
    for (int i = 0; i < 200; i++) {
      other.next(ZIPF);
      assertThat(beside.next(ZIPF)).isEqualTo(alone.next(ZIPF));
    }
  }
}
