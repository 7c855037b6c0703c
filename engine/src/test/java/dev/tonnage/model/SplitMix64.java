package dev.tonnage.model;

/**
 * Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014), and a bell curve made of integers alone.
 */
public final class SplitMix64 {

  private static final int HALVES = 12;

  private long state;

  /** The sequence of a seed. */
  public SplitMix64(long seed) {
    state = seed;
  }

  /** The sequence of a name under a seed, unrelated to those of other names. */
  public static SplitMix64 of(long seed, String name) {
    return new SplitMix64(new SplitMix64(seed).next() + name.hashCode());
  }

  /** 64 random bits. */
  public long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number from 0 to {@code bound - 1}. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  /** A number in [0, 1). */
  public double uniform() {
    return (next() >>> 11) * 0x1p-53;
  }

  /**
   * A number of mean 0 and standard deviation 1, within ±6: the sum of the twelve 16-bit parts of
   * three draws, centred, over 2¹⁶. Every step is exact, so no library's rounding enters.
   */
  public double gaussian() {
    int sum = 0;
    for (int draw = 0; draw < HALVES / 4; draw++) {
      for (long bits = next(), part = 0; part < 4; part++, bits >>>= 16) {
        sum += (int) (bits & 0xFFFF);
      }
    }
    return (sum - HALVES * 0xFFFF / 2) * 0x1p-16;
  }
}
