package dev.tonnage.kernel;

/** A format that numbers can be written in, too: what a key/value cache may hold. */
public interface CacheFormat extends BlockFormat {

  /**
   * Whether what is multiplied with a cache's numbers is rounded to its format first, as in engines
   * that multiply halves with halves. Such results are theirs; without it they are as exact as the
   * cache.
   */
  boolean roundsFactors();

  /**
   * Encodes 32-bit floats, rounding to nearest. What is no number, or beyond the format's range,
   * decodes to no finite number.
   *
   * @param x address of {@code elements} floats
   * @param elements a whole number of blocks
   * @param blocks address that receives them
   */
  void encode(long x, int elements, long blocks);
}
