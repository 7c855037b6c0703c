package dev.tonnage.kernel.x86;

/** A format of blocks of 32 weights: rows may end anywhere between blocks. */
interface Blocks512 extends Unpacker {

  /** Bytes of a block. */
  int blockBytes();

  @Override
  default int bytes() {
    return 8 * blockBytes();
  }

  @Override
  default int blockWeights() {
    return 32;
  }

  @Override
  default Grouping grouping() {
    return Grouping.OF_32;
  }
}
