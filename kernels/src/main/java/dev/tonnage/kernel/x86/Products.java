package dev.tonnage.kernel.x86;

/** How bytes are multiplied and summed in vectors of 256 bits. */
enum Products {
  /** With AVX-VNNI: four products of unsigned and signed bytes are added to 32 bits. */
  FOURS,
  /**
   * Without it: two products of unsigned and signed bytes are added in 16 bits, and pairs of these
   * in 32. Two products of magnitudes up to 127 and 128 fit.
   */
  PAIRS;

  private static final int MOST_ACTIVATION = 127;

  /** What a processor can do best. */
  static Products of(CpuFeatures cpu) {
    return cpu.has(Feature.AVX_VNNI) ? FOURS : PAIRS;
  }

  /**
   * How many sums of two products fit into 16 bits together.
   *
   * @param most the largest magnitude of the weights' bytes
   */
  static int sumsIn16Bits(int most) {
    return Short.MAX_VALUE / (2 * MOST_ACTIVATION * most);
  }
}
