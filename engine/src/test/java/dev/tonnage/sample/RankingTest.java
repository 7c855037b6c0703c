package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever is added, replaced and removed, the first is the one that sorting puts first. */
class RankingTest {

  private record Entry(double key, int id) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingDouble((Entry entry) -> -entry.key() + 0.0).thenComparingInt(Entry::id);

  @Test
  void theFirstIsTheGreatestAndAmongEqualsTheOneOfTheLowestId() {
    long seed = 17;
    var random = new SplittableRandom(seed);
    var ranking = new Ranking();
    for (int round = 0; round < 300; round++) {
      ranking.clear();
      List<Entry> sorted = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        var entry = new Entry(random.nextInt(-5, 6) * (random.nextBoolean() ? 1 : -0.0), step);
        if (sorted.isEmpty() || random.nextInt(5) > 1) {
          ranking.add(entry.key(), entry.id());
          sorted.add(entry);
        } else if (random.nextBoolean()) {
          ranking.replaceFirst(entry.key(), entry.id());
          sorted.set(0, entry);
        } else {
          ranking.removeFirst();
          sorted.removeFirst();
        }
        sorted.sort(ORDER);
        assertThat(ranking.size()).as("seed %d, round %d", seed, round).isEqualTo(sorted.size());
        if (!sorted.isEmpty()) {
          assertThat(ranking.firstId())
              .as("seed %d, round %d", seed, round)
              .isEqualTo(sorted.getFirst().id());
          assertThat(ranking.firstKey() == sorted.getFirst().key()).isTrue(); // also 0 and -0
        }
      }
    }
  }
}
