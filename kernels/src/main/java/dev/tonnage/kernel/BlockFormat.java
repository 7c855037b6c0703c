package dev.tonnage.kernel;

/**
 * What a level can do with one block format: the only code that knows how its bits lie. Tiling,
 * threads and tails are shared and stand elsewhere.
 *
 * <p>Addresses have been checked by the gate. {@code elements} is a whole number of blocks.
 */
public interface BlockFormat {

  /** Scratch that {@link #dot} and {@link #decode} may use, in bytes for each element of a row. */
  int SCRATCH_BYTES_PER_ELEMENT = 4;

  /**
   * Decodes to 32-bit floats, bit for bit as the format defines.
   *
   * @param blocks address of the first block
   * @param elements numbers to decode
   * @param out address of {@code elements} floats
   * @param scratch address of this thread's scratch
   */
  void decode(long blocks, int elements, long out, long scratch);

  /**
   * A row times an activation vector, in one fixed order of summation.
   *
   * @param blocks address of the row's first block
   * @param elements numbers in the row
   * @param x address of {@code elements} floats
   * @param scratch address of this thread's scratch
   */
  float dot(long blocks, int elements, long x, long scratch);
}
