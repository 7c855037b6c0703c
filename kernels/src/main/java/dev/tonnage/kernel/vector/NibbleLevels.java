package dev.tonnage.kernel.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/** What 16 nibbles stand for. */
final class NibbleLevels {

  private final ByteVector levels;

  /**
   * @param levels of the nibbles 0-15
   */
  NibbleLevels(byte[] levels) {
    this.levels = ByteVector.fromArray(ByteVector.SPECIES_128, levels, 0);
  }

  /** The levels of 16 bytes below 16. */
  IntVector of(IntVector nibbles) {
    return nibbles.reinterpretAsBytes().selectFrom(levels).reinterpretAsInts();
  }

  /** The levels of 16 bytes of nibbles: the lower ones come first. */
  void store(long nibbles, long to) {
    IntVector both = Packed.sixteen(nibbles);
    Packed.store(of(Packed.low(both)), to);
    Packed.store(of(Packed.high(both)), to + 16);
  }
}
