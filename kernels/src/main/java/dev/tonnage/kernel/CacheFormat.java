package dev.tonnage.kernel;

/** A format that numbers can be written in, too: what a key/value cache may hold. */
public interface CacheFormat extends BlockFormat {

  /** Whether encoding loses anything. */
  boolean rounds();

  /**
   * Encodes 32-bit floats, rounding to nearest.
   *
   * @param x address of {@code elements} floats
   * @param elements a whole number of blocks
   * @param blocks address that receives them
   */
  void encode(long x, int elements, long blocks);
}
