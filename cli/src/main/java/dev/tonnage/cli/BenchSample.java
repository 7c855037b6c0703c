package dev.tonnage.cli;

/**
 * One repetition of a test.
 *
 * @param nanos time of the tokens, and of nothing between them
 * @param memoryBytes read between the tokens, to know what memory gave; 0 where nothing was
 * @param memoryNanos time of that
 * @param peak multiply-adds a second that the level reached right afterwards with nothing else to
 *     do; NaN where it cannot be measured
 */
record BenchSample(long nanos, long memoryBytes, long memoryNanos, double peak) {

  double perSecond(double what) {
    return what * 1e9 / nanos;
  }

  /** Bytes a second that memory gave; NaN where it was not measured. */
  double memoryRate() {
    return memoryBytes == 0 ? Double.NaN : memoryBytes * 1e9 / memoryNanos;
  }
}
