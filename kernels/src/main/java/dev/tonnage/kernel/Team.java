package dev.tonnage.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of platform threads, the caller included. Each member has a share of the numbered
 * tasks, neighbours that follow each other in memory, and helps the others when its own is done.
 *
 * <p>Who waits spins briefly and then parks: a pure spin barrier falls apart as soon as another
 * process is busy. The caller waits for tasks and not for members, so that a member the system has
 * not woken yet delays nobody.
 *
 * <p>For one caller at a time.
 */
public final class Team implements AutoCloseable {

  /** A piece of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * @param index which piece, counted from 0
     * @param member who runs it, 0 being the caller: the index of thread-owned scratch
     */
    void run(int index, int member);
  }

  /** About 20 µs on a current CPU: longer than the gap between two operations of a step. */
  private static final int SPINS = 2_000;

  /** Places of a counter's array from one to the next: lines that no two members share. */
  private static final int APART = 16;

  private static final class Job {
    final Task task;
    final int tasks;
    final int members;

    /** The next task of each member's share. */
    final AtomicIntegerArray next;

    final AtomicInteger done = new AtomicInteger();
    volatile Throwable failure;

    Job(Task task, int tasks, int members) {
      this.task = task;
      this.tasks = tasks;
      this.members = members;
      this.next = new AtomicIntegerArray(members * APART);
      for (int member = 0; member < members; member++) {
        next.setPlain(member * APART, begin(member));
      }
    }

    /** The first task of a member's share. */
    int begin(int member) {
      return Math.toIntExact((long) tasks * member / members);
    }

    boolean finished() {
      return done.get() >= tasks;
    }
  }

  private final Thread[] workers;
  private volatile Job job = new Job((_, _) -> {}, 0, 1);
  private volatile Thread caller;
  private volatile boolean closed;

  /**
   * @param members threads, the caller included; at least 1
   */
  public Team(int members) {
    if (members < 1) {
      throw new IllegalArgumentException("a team has at least one member: " + members);
    }
    workers = new Thread[members - 1];
    for (int i = 0; i < workers.length; i++) {
      int member = i + 1;
      workers[i] =
          Thread.ofPlatform().daemon().name("tonnage-" + member).unstarted(() -> serve(member));
    }
    for (Thread worker : workers) {
      worker.start();
    }
  }

  /** Members, the caller included. */
  public int members() {
    return workers.length + 1;
  }

  /**
   * Runs tasks 0…tasks-1, each once, on whichever member is free, and returns when all are done.
   *
   * @throws RuntimeException or Error: the first that a task threw, after all tasks ended
   */
  public void run(int tasks, Task task) {
    if (tasks == 1) { // nobody needs to know
      task.run(0, 0);
      return;
    }
    Job mine = new Job(task, tasks, members());
    caller = Thread.currentThread();
    job = mine;
    for (int i = 0; i < Math.min(workers.length, tasks - 1); i++) {
      LockSupport.unpark(workers[i]);
    }
    work(mine, 0);
    for (int spins = 0; !mine.finished(); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    switch (mine.failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(mine.failure);
    }
  }

  /** Own tasks, then those that others have not come to. */
  private void work(Job mine, int member) {
    for (int i = 0; i < mine.members; i++) {
      int share = (member + i) % mine.members;
      int end = mine.begin(share + 1);
      while (mine.next.get(share * APART) < end) {
        int task = mine.next.getAndIncrement(share * APART);
        if (task < end) {
          run(mine, task, member);
        }
      }
    }
  }

  private void run(Job mine, int task, int member) {
    try {
      mine.task.run(task, member);
    } catch (Throwable t) { // whatever it is, the caller gets it and the count stays right
      if (mine.failure == null) {
        mine.failure = t;
      }
    }
    if (mine.done.incrementAndGet() == mine.tasks && member != 0) {
      LockSupport.unpark(caller);
    }
  }

  private void serve(int member) {
    Job last = null;
    while (!closed) {
      Job current = job;
      try {
        if (current == last) {
          await(last);
        } else {
          work(current, member);
          last = current;
        }
      } catch (InternalError e) {
        // a mapped page that is gone is reported at some later point of this thread, perhaps here;
        // whoever owns the mapping asks after each step whether the file is what it was
        if (current.failure == null) {
          current.failure = e;
        }
      }
    }
  }

  private void await(Job last) {
    for (int spins = 0; job == last && !closed; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    for (Thread worker : workers) {
      boolean interrupted = false;
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
