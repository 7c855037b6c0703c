package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The heap against a loop that looks at every pair for every merge. */
class BestFirstMergeTest {

  /** Pairs of tokens below 8 that join, each to another token, at priorities with ties. */
  private static final class RandomJoins implements BestFirstMerge.Joins {

    private final boolean[] joins = new boolean[64];
    private final int[] priorities = new int[64];
    private final int[] results = new int[64];

    RandomJoins(Random random) {
      for (int join = 0; join < 64; join++) {
        joins[join] = random.nextInt(3) != 0;
        priorities[join] = random.nextInt(40) - 20;
        results[join] = random.nextInt(8);
      }
    }

    int join(int leftToken, int rightToken) {
      boolean isJoined = leftToken >= 0 && rightToken >= 0 && joins[8 * leftToken + rightToken];
      return isJoined ? 8 * leftToken + rightToken : BestFirstMerge.NONE;
    }

    @Override
    public int join(BestFirstMerge symbols, int left, int right) {
      return join(symbols.token(left), symbols.token(right));
    }

    @Override
    public int priority(int join) {
      return priorities[join];
    }

    @Override
    public int result(int join) {
      return results[join];
    }
  }

  @Test
  void joinsWhatALoopOverAllPairsJoins() {
    BestFirstMerge symbols = new BestFirstMerge();
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      RandomJoins joins = new RandomJoins(random);
      int count = random.nextInt(60);
      List<Integer> tokens = new ArrayList<>();
      int[] lengths = new int[count];
      int bytes = 0;
      for (int i = 0; i < count; i++) {
        tokens.add(random.nextInt(9) - 1);
        lengths[i] = 1 + random.nextInt(3);
        bytes += lengths[i];
      }
      symbols.clear(bytes);
      for (int i = 0; i < count; i++) {
        symbols.append(tokens.get(i), lengths[i]);
      }
      symbols.run(joins);
      List<Integer> joined = new ArrayList<>();
      for (int at = 0; at < symbols.end(); at = symbols.next(at)) {
        joined.add(symbols.token(at));
      }
      assertThat(joined).as("seed %d", seed).isEqualTo(joinNaively(tokens, joins));
    }
  }

  private static List<Integer> joinNaively(List<Integer> tokens, RandomJoins joins) {
    List<Integer> left = new ArrayList<>(tokens);
    while (true) {
      int best = -1;
      int bestPriority = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < left.size(); i++) {
        int join = joins.join(left.get(i), left.get(i + 1));
        if (join != BestFirstMerge.NONE && joins.priority(join) < bestPriority) {
          best = i;
          bestPriority = joins.priority(join);
        }
      }
      if (best < 0) {
        return left;
      }
      int join = joins.join(left.get(best), left.get(best + 1));
      left.set(best, joins.result(join));
      left.subList(best + 1, best + 2).clear();
    }
  }
}
