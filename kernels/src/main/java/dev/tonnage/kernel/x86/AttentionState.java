package dev.tonnage.kernel.x86;

/**
 * What is known of a query on the way through a sequence: which tokens it sees; the greatest score
 * so far; the sum of e^(score − greatest) in sixteen lanes; and the values mixed with these
 * weights.
 */
final class AttentionState {

  /** The position behind the last that the query sees, 32 bits. */
  static final int LIMIT = 0;

  /** The first position that the query sees, 32 bits. */
  static final int FIRST = 8;

  /** The greatest score. */
  static final int GREATEST = 4;

  /** Less than any score; finite, so that where a query sees nothing yet, nothing is no number. */
  static final float NO_SCORE = -Float.MAX_VALUE;

  /** Sixteen sums of weights. */
  static final int SUMS = 64;

  /** The mix, whole lines. */
  static final int MIX = 128;

  private AttentionState() {}

  /** Bytes of a state. */
  static long bytes(int valueWidth) {
    return MIX + 4L * lines(valueWidth) * 16;
  }

  /** Vectors of sixteen numbers. */
  static int lines(int width) {
    return (width + 15) / 16;
  }
}
