package dev.tonnage.kernel.x86;

/** A format whose blocks have sixteen bytes of nibbles, the lower ones first. */
interface NibbleBlocks256 extends Blocks256 {

  /** As {@link Nibbles256#blocks} leaves them: in their own order. */
  @Override
  default int[] groups() {
    int[] groups = new int[2 * Avx2.LANES];
    for (int lane = 0; lane < groups.length; lane++) {
      groups[lane] = lane;
    }
    return groups;
  }
}
