package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The team does every task once and comes back, whatever the tasks and the machine do. */
@Timeout(60) // a team that lost a wake-up would hang for ever
class TeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 16})
  void everyTaskIsDoneOnceByAMemberWhoIsAlone(int members) {
    var random = new SplittableRandom(Samples.SEED);
    var busy = new AtomicIntegerArray(members);
    try (var team = new Team(members)) {
      assertThat(team.members()).isEqualTo(members);
      for (int run = 0; run < 3_000; run++) {
        int tasks = random.nextInt(40);
        var done = new AtomicIntegerArray(tasks);
        var crowded = new AtomicBoolean();
        team.run(
            tasks,
            (task, member) -> {
              if (busy.incrementAndGet(member) != 1) {
                crowded.set(true);
              }
              done.incrementAndGet(task);
              busy.decrementAndGet(member);
            });
        for (int task = 0; task < tasks; task++) {
          assertThat(done.get(task)).as("run %d, task %d", run, task).isEqualTo(1);
        }
        assertThat(crowded).as("two threads with one member's scratch").isFalse();
      }
    }
  }

  /** What tasks wrote without any synchronisation of their own is there when the run is over. */
  @Test
  void resultsAreVisibleToTheCaller() {
    int[] results = new int[64];
    try (var team = new Team(3)) {
      for (int run = 1; run <= 20_000; run++) {
        int value = run;
        team.run(results.length, (task, _) -> results[task] = value);
        for (int result : results) {
          assertThat(result == value).as("run %d", run).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aFailureReachesTheCallerAfterAllTasksAndTheTeamStaysUsable(int members) {
    try (var team = new Team(members)) {
      for (int failing = 0; failing < 10; failing++) {
        int which = failing;
        var done = new AtomicInteger();
        assertThatThrownBy(() ->
                team.run(
                    10,
                    (task, _) -> {
                      done.incrementAndGet();
                      if (task == which) {
                        throw new IllegalStateException("task " + which);
                      }
                    }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("task " + failing);
        assertThat(done).hasValue(10);
      }
      assertThatThrownBy(() ->
              team.run(
                  10,
                  (_, _) -> {
                    throw new StackOverflowError("all of them");
                  }))
          .isInstanceOf(StackOverflowError.class);
      var done = new AtomicInteger();
      team.run(10, (_, _) -> done.incrementAndGet());
      assertThat(done).hasValue(10);
    }
  }

  @Test
  void theFailureOfAnOnlyTaskReachesTheCallerToo() {
    try (var team = new Team(3)) {
      assertThatThrownBy(() ->
              team.run(
                  1,
                  (_, _) -> {
                    throw new IllegalStateException("alone");
                  }))
          .hasMessage("alone");
    }
  }

  @Test
  void closingEndsTheThreads() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (var team = new Team(4)) {
      var together = new CountDownLatch(4);
      team.run(
          4,
          (_, _) -> { // each waits for the others, so that every member has one
            threads.add(Thread.currentThread());
            together.countDown();
            await(together);
          });
      assertThat(threads).hasSize(4).allMatch(Thread::isAlive);
    }
    threads.remove(Thread.currentThread());
    assertThat(threads).hasSize(3).noneMatch(Thread::isAlive);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTeamMayBeClosedTwiceAndUnused() {
    var team = new Team(3);
    team.close();
    team.close();
    assertThat(team.members()).isEqualTo(3);
  }

  @Test
  void moreMembersThanCoresOnABusyMachineDoNotHang() {
    int cores = Runtime.getRuntime().availableProcessors();
    var stop = new AtomicBoolean();
    Thread[] others = new Thread[2 * cores];
    for (int i = 0; i < others.length; i++) {
      others[i] =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              });
    }
    try (var team = new Team(4 * cores + 1)) {
      var sum = new AtomicInteger();
      for (int run = 0; run < 100; run++) {
        team.run(50, (task, _) -> sum.addAndGet(task));
      }
      assertThat(sum).hasValue(100 * 49 * 50 / 2);
    } finally {
      stop.set(true);
    }
  }

  /** Members that went to sleep between runs wake up again; nobody's wake-up gets lost. */
  @Test
  void membersThatParkedAreWoken() {
    try (var team = new Team(3)) {
      for (int run = 0; run < 50; run++) {
        LockSupport.parkNanos(500_000); // far longer than members spin
        var together = new CountDownLatch(3);
        team.run(
            3,
            (_, _) -> {
              together.countDown();
              await(together);
            });
        assertThat(together.getCount()).isZero();
      }
    }
  }

  @Test
  void anInterruptedCallerGetsItsResultsAndStaysInterrupted() {
    try (var team = new Team(2)) {
      var done = new AtomicInteger();
      Thread.currentThread().interrupt();
      team.run(100, (_, _) -> done.incrementAndGet());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(done).hasValue(100);
    }
  }

  @Test
  void aTeamWithoutMembersIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Team(0));
  }
}
