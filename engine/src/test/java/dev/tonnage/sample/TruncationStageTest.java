package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.sample.Textbook.Token;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each truncation alone against its definition. */
class TruncationStageTest {

  private static final long SEED = 41;

  private final SplittableRandom random = new SplittableRandom(SEED);

  private static void compare(Stage stage, UnaryOperator<List<Token>> textbook, float... logits) {
    Candidates candidates = Comparison.candidates(logits);
    stage.apply(candidates);
    assertThat(candidates.size()).isPositive();
    Comparison.assertSame(
        "seed " + SEED + ": " + stage + " of " + Arrays.toString(logits),
        candidates,
        textbook.apply(Textbook.tokens(logits)));
  }

  /** From almost nothing to almost everything. */
  private double probability() {
    return switch (random.nextInt(4)) {
      case 0 -> 1e-12;
      case 1 -> 1 - 1e-9;
      default -> random.nextDouble(0.01, 1);
    };
  }

  @Test
  void topKKeepsTheMostProbable() {
    for (int round = 0; round < 2000; round++) {
      int count = random.nextInt(1, 45);
      compare(new TopK(count), tokens -> Textbook.topK(tokens, count), RandomLogits.draw(random));
    }
  }

  @Test
  void topPKeepsTheNucleus() {
    for (int round = 0; round < 2000; round++) {
      double p = probability();
      compare(new TopP(p), tokens -> Textbook.topP(tokens, p), RandomLogits.draw(random));
    }
  }

  @Test
  void minPKeepsWhatIsNotFarLessProbable() {
    for (int round = 0; round < 2000; round++) {
      double p = random.nextInt(9) == 0 ? 1 : probability();
      compare(new MinP(p), tokens -> Textbook.minP(tokens, p), RandomLogits.draw(random));
    }
  }

  @Test
  void typicalKeepsWhatSurprisesAsExpected() {
    for (int round = 0; round < 2000; round++) {
      double p = probability();
      compare(new Typical(p), tokens -> Textbook.typical(tokens, p), RandomLogits.draw(random));
    }
  }

  /**
   * One of 0.3 and twenty of 0.035: the entropy is 2.71, the surprise of the one 1.20, of the
   * others 3.35. Twelve of the others reach 0.4.
   */
  @Test
  void theMostProbableTokenMayBeAtypical() {
    float[] logits = new float[21];
    logits[7] = (float) Math.log(0.3 / 0.035);
    Candidates candidates = Comparison.candidates(logits);
    new Typical(0.4).apply(candidates);
    assertThat(Comparison.ids(candidates)).doesNotContain(7).hasSize(12);
  }

  @Test
  void topNSigmaKeepsWhatIsFewDeviationsBelowTheGreatest() {
    for (int round = 0; round < 2000; round++) {
      double n = random.nextInt(5) == 0 ? 1e-9 : random.nextDouble(0.01, 4);
      compare(new TopNSigma(n), tokens -> Textbook.topNSigma(tokens, n), RandomLogits.draw(random));
    }
  }

  @Test
  void temperatureDividesOrTakesTheGreatest() {
    for (int round = 0; round < 2000; round++) {
      double t = random.nextInt(4) == 0 ? 0 : Math.pow(10, random.nextDouble(-9, 6));
      compare(
          new Temperature(t), tokens -> Textbook.temperature(tokens, t), RandomLogits.draw(random));
    }
  }

  /** What a vocabulary of today looks like: some likely tokens, and a long tail. */
  @Test
  void aLargeVocabularyIsCutWhereASmallOneIs() {
    float[] logits = new float[50_000];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) random.nextGaussian(id % 997 == 0 ? 12 : 0, 2.5);
    }
    for (int count : new int[] {1, 40, 1000, 49_999}) {
      compare(new TopK(count), tokens -> Textbook.topK(tokens, count), logits);
    }
    for (double p : new double[] {0.01, 0.5, 0.95, 0.9999}) {
      compare(new TopP(p), tokens -> Textbook.topP(tokens, p), logits);
      compare(new Typical(p), tokens -> Textbook.typical(tokens, p), logits);
      compare(new MinP(p), tokens -> Textbook.minP(tokens, p), logits);
    }
  }
}
