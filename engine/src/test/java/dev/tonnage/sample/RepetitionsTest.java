package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The linear search against comparing everything with everything. */
class RepetitionsTest {

  private static int brute(History history, int window, int back) {
    int length = 0;
    while (back + length < window
        && history.fromEnd(1 + length) == history.fromEnd(1 + back + length)) {
      length++;
    }
    return length;
  }

  @Test
  void lengthsAreThoseOfTheQuadraticSearch() {
    long seed = 77;
    var random = new SplittableRandom(seed);
    var repetitions = new Repetitions();
    for (int round = 0; round < 2000; round++) {
      var history = new History();
      int tokens = random.nextInt(1, 200);
      int alphabet = random.nextInt(1, 4);
      int period = random.nextInt(1, 12);
      for (int i = 0; i < tokens; i++) {
        boolean again = i >= period && random.nextInt(20) > 0;
        history.add(again ? history.fromEnd(period) : random.nextInt(alphabet));
      }
      int window = random.nextInt(1, tokens + 1);
      repetitions.find(history, window);
      for (int back = 1; back < window; back++) {
        assertThat(repetitions.length(back))
            .as("seed %d, round %d: %d back of %d", seed, round, back, window)
            .isEqualTo(brute(history, window, back));
      }
    }
  }

  /** A quadratic search would compare 5·10^11 times: it would take minutes. */
  @Test
  void aMillionEqualTokensAreNoWork() {
    var history = new History();
    for (int i = 0; i < 1_000_000; i++) {
      history.add(7);
    }
    var repetitions = new Repetitions();
    repetitions.find(history, 1_000_000);
    assertThat(repetitions.length(1)).isEqualTo(999_999);
    assertThat(repetitions.length(999_999)).isEqualTo(1);
  }
}
