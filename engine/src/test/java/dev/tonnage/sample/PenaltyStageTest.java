package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Penalties against their definition. */
class PenaltyStageTest {

  @Test
  void repeatedTokensLoseWhatTheDefinitionTakes() {
    long seed = 5;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      float[] logits = RandomLogits.draw(random);
      var penalties =
          new Penalties(
              random.nextInt(3) == 0 ? 1 : random.nextDouble(0.2, 3),
              random.nextInt(3) == 0 ? 0 : random.nextDouble(-2, 2),
              random.nextInt(3) == 0 ? 0 : random.nextDouble(-2, 2),
              random.nextInt(-1, 12));
      List<Integer> tokens = random.ints(random.nextInt(30), 0, logits.length).boxed().toList();
      var history = new History();
      tokens.forEach(history::add);
      var stage = new PenaltyStage(penalties, history, logits.length);
      for (int time = 0; time < 2; time++) { // nothing is left of the first time
        Candidates candidates = Comparison.candidates(logits);
        stage.apply(candidates);
        Comparison.assertSame(
            "seed %d, round %d: %s of %s after %s"
                .formatted(seed, round, penalties, Arrays.toString(logits), tokens),
            candidates,
            Textbook.penalties(Textbook.tokens(logits), penalties, tokens));
      }
    }
  }

  @Test
  void candidatesThatWereDroppedAreNotMistakenForOthers() {
    var history = new History();
    history.add(3);
    Candidates candidates = Comparison.candidates(1, 8, 2, 4);
    candidates.keepAtLeast(3);
    new PenaltyStage(Penalties.NONE.withRepeat(2), history, 4).apply(candidates);
    assertThat(Comparison.ids(candidates)).containsExactly(1, 3);
    assertThat(candidates.logit(0)).isEqualTo(8);
    assertThat(candidates.logit(1)).isEqualTo(2);
  }

  /** 4 / 2 - 0.5 - 3 * 0.25, and -4 * 2 - 0.5 - 0.25. */
  @Test
  void eachPenaltyTakesItsPart() {
    var history = new History();
    for (int token : new int[] {0, 1, 0, 0}) {
      history.add(token);
    }
    Candidates candidates = Comparison.candidates(4, -4, 4);
    new PenaltyStage(new Penalties(2, 0.5, 0.25, 64), history, 3).apply(candidates);
    assertThat(candidates.logit(0)).isEqualTo(0.75);
    assertThat(candidates.logit(1)).isEqualTo(-8.75);
    assertThat(candidates.logit(2)).isEqualTo(4);
  }

  @Test
  void onlyTheLastTokensCount() {
    var history = new History();
    for (int token = 0; token < 100; token++) { // more than a history holds at first
      history.add(token);
    }
    float[] logits = new float[100];
    Arrays.fill(logits, 1);
    for (int lastN : new int[] {1, 30, 99, 100, 1000, -1}) {
      Candidates candidates = Comparison.candidates(logits);
      new PenaltyStage(Penalties.NONE.withRepeat(2).withLastN(lastN), history, 100)
          .apply(candidates);
      for (int id = 0; id < 100; id++) {
        boolean counts = lastN == -1 || id >= 100 - lastN;
        assertThat(candidates.logit(id)).as("%d of %d", id, lastN).isEqualTo(counts ? 0.5 : 1);
      }
    }
  }
}
