package dev.tonnage.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.Rows;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpertChoiceTest {

  private static final long SEED = Long.getLong("tonnage.seed", System.nanoTime());

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private Rows scores(float[]... rows) {
    int width = rows[0].length;
    Rows scores = new Rows(arena.allocate(Rows.bytes(rows.length, width), 64), rows.length, width);
    for (int row = 0; row < rows.length; row++) {
      scores.setRow(row, rows[row]);
    }
    return scores;
  }

  private static ExpertChoice choice(Rows scores, int used) {
    return ExpertChoice.of(scores, new float[scores.width()], used, Routing.SOFTMAX);
  }

  /** The experts of one token, ascending. */
  private int[] chosen(int used, float... scores) {
    ExpertChoice choice = choice(scores(scores), used);
    return IntStream.range(0, scores.length).filter(expert -> choice.count(expert) > 0).toArray();
  }

  private static float share(ExpertChoice choice, int place) {
    return choice.shares(place, place + 1)[0];
  }

  @Test
  void ofEqualScoresTheFirstAreChosen() {
    assertThat(chosen(2, 1, 3, 3, 3)).containsExactly(1, 2);
    assertThat(chosen(3, 5, 1, 5, 5, 5)).containsExactly(0, 2, 3);
    assertThat(chosen(1, 0, 0, 0)).containsExactly(0);
    assertThat(chosen(2, -0f, 0f, -0f)).containsExactly(0, 1);
  }

  @Test
  void negativeScoresAreScoresLikeOthers() {
    assertThat(chosen(2, -7, -3, -5, -4)).containsExactly(1, 3);
    ExpertChoice choice = choice(scores(new float[] {-7, -3, -5}), 3);
    assertThat(share(choice, 1)).isGreaterThan(share(choice, 2));
    assertThat(share(choice, 2)).isGreaterThan(share(choice, 0));
  }

  @Test
  void sharesAreTheChosenOnesProbabilitiesAmongEachOther() {
    ExpertChoice choice = choice(scores(new float[] {1, 9, 2, 8.5f}), 2);
    double sum = Math.exp(9) + Math.exp(8.5);
    assertThat((double) share(choice, 0)).isCloseTo(Math.exp(9) / sum, within(1e-6));
    assertThat((double) share(choice, 1)).isCloseTo(Math.exp(8.5) / sum, within(1e-6));
  }

  @Test
  void scoresSoLargeThatTheirExponentialsOverflowHaveShares() {
    ExpertChoice choice = choice(scores(new float[] {3000, 3001, -4000}), 2);
    assertThat(share(choice, 0) + share(choice, 1)).isCloseTo(1, within(1e-6f));
  }

  @Test
  void whatIsNoNumberChoosesExpertsThatThereAre() {
    float[] scores = {Float.NaN, 1, Float.NaN, Float.NEGATIVE_INFINITY};
    assertThat(chosen(3, scores)).hasSize(3);
  }

  @Test
  void everyRowIsWithEachOfItsExpertsOnce() {
    var random = new SplittableRandom(SEED);
    for (int round = 0; round < 100; round++) {
      int experts = random.nextInt(1, 40);
      int used = random.nextInt(1, experts + 1);
      float[][] rows = new float[random.nextInt(1, 20)][experts];
      for (float[] row : rows) {
        for (int expert = 0; expert < experts; expert++) {
          row[expert] = random.nextInt(-5, 6);
        }
      }
      ExpertChoice choice = choice(scores(rows), used);
      assertThat(choice.begin(experts)).isEqualTo(rows.length * used);
      for (int row = 0; row < rows.length; row++) {
        float[] own = rows[row];
        int wanted = row;
        Integer[] best =
            IntStream.range(0, experts)
                .boxed()
                .sorted(Comparator.comparingDouble(expert -> -own[expert])) // stable
                .limit(used)
                .sorted()
                .toArray(Integer[]::new);
        Integer[] found =
            IntStream.range(0, experts)
                .filter(expert ->
                    Arrays.stream(choice.rows(choice.begin(expert), choice.begin(expert + 1)))
                        .anyMatch(i -> i == wanted))
                .boxed()
                .toArray(Integer[]::new);
        assertThat(found).as("seed %d", SEED).isEqualTo(best);
      }
    }
  }
}
