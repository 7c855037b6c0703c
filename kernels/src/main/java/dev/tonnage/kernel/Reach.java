package dev.tonnage.kernel;

/** Which positions before it a position sees, itself among them. */
public sealed interface Reach {

  /** All. */
  Reach EVERYTHING = new Everything();

  /** The first position that is seen from another; it never falls as that one grows. */
  int firstSeen(int position);

  /** The most positions that one sees. */
  int most();

  /**
   * How many positions some see in all.
   *
   * @param depth positions before the first of them
   * @param count how many they are
   */
  long seen(int depth, int count);

  /** All. */
  record Everything() implements Reach {

    @Override
    public int most() {
      return Integer.MAX_VALUE;
    }

    @Override
    public int firstSeen(int position) {
      return 0;
    }

    @Override
    public long seen(int depth, int count) {
      return (long) depth * count + upTo(count);
    }
  }

  /**
   * No further back than a number of positions (Beltagy et al. 2020).
   *
   * @param positions at least 1, its own among them
   */
  record Window(int positions) implements Reach {

    public Window {
      requireSome(positions);
    }

    @Override
    public int firstSeen(int position) {
      return (int) Math.max(0, position + 1L - positions);
    }

    @Override
    public int most() {
      return positions;
    }

    @Override
    public long seen(int depth, int count) {
      long whole = Math.clamp((long) positions - depth, 0, count); // that see all before them
      return whole * depth + upTo(whole) + (count - whole) * positions;
    }
  }

  /**
   * No further back than where a chunk begins (Llama 4).
   *
   * @param positions of a chunk, at least 1
   */
  record Chunk(int positions) implements Reach {

    public Chunk {
      requireSome(positions);
    }

    @Override
    public int firstSeen(int position) {
      return position - position % positions;
    }

    @Override
    public int most() {
      return positions;
    }

    @Override
    public long seen(int depth, int count) {
      return before((long) depth + count) - before(depth);
    }

    /** Seen from all positions before one. */
    private long before(long position) {
      return position / positions * upTo(positions) + upTo(position % positions);
    }
  }

  private static void requireSome(int positions) {
    if (positions < 1) {
      throw new IllegalArgumentException("a reach of " + positions + " positions");
    }
  }

  /** 1 + 2 + … + n. */
  private static long upTo(long n) {
    return n * (n + 1) / 2;
  }
}
