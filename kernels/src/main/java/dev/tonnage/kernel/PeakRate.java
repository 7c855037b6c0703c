package dev.tonnage.kernel;

import java.util.concurrent.atomic.DoubleAdder;

/** Multiply-adds a second that a team reaches with nothing else to do. */
final class PeakRate {

  /** Rounds of a task that measures the peak: some 100 µs. */
  private static final int PEAK_ROUNDS = 1 << 16;

  /** Enough that the last task's end does not count. */
  private static final int PEAK_TASKS_PER_MEMBER = 64;

  private PeakRate() {}

  static double of(PeakLoop loop, Team team) {
    int tasks = PEAK_TASKS_PER_MEMBER * team.members();
    var sums = new DoubleAdder();
    long begin = System.nanoTime();
    team.run(tasks, (_, _) -> sums.add(loop.run(PEAK_ROUNDS)));
    long nanos = System.nanoTime() - begin;
    return 1e9 * tasks * PEAK_ROUNDS * loop.roundMultiplyAdds() / Math.max(1, nanos);
  }
}
