package dev.tonnage.kernel.vector;

/**
 * One loop over a row. A row takes several, and each should be compiled by itself: where C2 inlines
 * them into one method, it grows beyond what C2 inlines at all, and the vectors of the rest go
 * through the heap (docs/decisions/0002-vector-kernels.md). Called through this interface, from one
 * place that sees many of them, they stay apart.
 */
@FunctionalInterface
interface Pass {

  /**
   * Does it.
   *
   * @param blocks address of the row's first block
   * @param elements numbers in the row
   * @param floats address of as many floats: activations, or the result of decoding
   * @param scratch address of this thread's scratch; {@link Unpacked} says what lies where
   */
  void run(long blocks, int elements, long floats, long scratch);
}
