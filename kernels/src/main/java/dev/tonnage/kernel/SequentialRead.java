package dev.tonnage.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Memory read once, line by line, with nothing made of it: what a kernel would take that computes
 * for nothing. Of each line one number is read, which brings all of it.
 */
final class SequentialRead {

  /** A line of the cache. */
  private static final int LINE_BYTES = 64;

  private SequentialRead() {}

  /** The sum of the numbers of some memory's lines. */
  static long lines(MemorySegment memory) {
    return lines(Memory.plain(memory.address()), memory.byteSize());
  }

  /**
   * Four places at once, as far apart as they can be: 32 GB/s where one place after the other is
   * read with 26 (one thread of an AMD Zen 5, pages of a mapped file).
   */
  private static long lines(long from, long bytes) {
    long quarter = (bytes / 4) & -LINE_BYTES;
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (long at = 0; at < quarter; at += LINE_BYTES) {
      a += Memory.i64(from + at);
      b += Memory.i64(from + quarter + at);
      c += Memory.i64(from + 2 * quarter + at);
      d += Memory.i64(from + 3 * quarter + at);
    }
    for (long at = 4 * quarter; at + Long.BYTES <= bytes; at += LINE_BYTES) {
      a += Memory.i64(from + at);
    }
    return a + b + c + d;
  }
}
