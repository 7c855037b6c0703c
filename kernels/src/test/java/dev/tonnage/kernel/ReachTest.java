package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTest {

  @Test
  void aPositionSeesFromTheFirstToItself() {
    assertThat(Reach.EVERYTHING.firstSeen(9)).isZero();
    assertThat(new Reach.Window(4).firstSeen(9)).isEqualTo(6);
    assertThat(new Reach.Window(Integer.MAX_VALUE).firstSeen(9)).isZero();
    assertThat(new Reach.Chunk(4).firstSeen(9)).isEqualTo(8);
    assertThat(new Reach.Chunk(4).firstSeen(8)).isEqualTo(8);
    assertThat(new Reach.Chunk(4).firstSeen(7)).isEqualTo(4);
  }

  @Test
  void whatSomeSeeIsTheSumOfWhatEachSees() {
    List<Reach> all =
        List.of(
            Reach.EVERYTHING,
            new Reach.Window(1),
            new Reach.Window(5),
            new Reach.Window(100),
            new Reach.Chunk(1),
            new Reach.Chunk(5),
            new Reach.Chunk(100));
    for (Reach reach : all) {
      for (int depth = 0; depth < 24; depth++) {
        long sum = 0;
        for (int count = 0; count < 24; count++) {
          assertThat(reach.seen(depth, count)).as("%s, %d, %d", reach, depth, count).isEqualTo(sum);
          int next = depth + count;
          sum += next - reach.firstSeen(next) + 1;
        }
      }
    }
  }

  @Test
  void aReachOfNothingIsRefused() {
    assertThatThrownBy(() -> new Reach.Window(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Reach.Chunk(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
