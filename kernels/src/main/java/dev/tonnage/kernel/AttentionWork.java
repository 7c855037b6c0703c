package dev.tonnage.kernel;

/**
 * An attention, cut into tasks that any thread may run in any order; where it says so, others
 * follow that need all of them.
 */
public interface AttentionWork {

  /** How many tasks there are. */
  int tasks();

  /** Bytes of scratch that a thread needs. */
  long scratchBytes();

  /** Bytes that all tasks share. */
  default long sharedBytes() {
    return 0;
  }

  /**
   * Runs a task.
   *
   * @param scratch address of this thread's scratch, on a line
   * @param shared address of what all tasks share, on a line
   */
  void run(int task, long scratch, long shared);

  /** How many tasks follow when all others have ended. */
  default int lastTasks() {
    return 0;
  }

  /** Runs one of those. */
  default void runLast(int task, long scratch, long shared) {
    throw new IllegalStateException("nothing follows");
  }
}
