package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;

import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bytes, four to a lane: CPUs shift and mask integers, not bytes. Each method is small enough to be
 * inlined wherever it is called.
 */
final class Packed {

  /** Bytes in a wide vector: 32, or 16 where there are none. */
  static final int WIDE = L >= 8 ? 32 : 16;

  /** 32 bytes are walked in 2^STEPS wide vectors. */
  static final int STEPS = Integer.numberOfTrailingZeros(32 / WIDE);

  private static final VectorSpecies<Integer> WIDE_SPECIES =
      L >= 8 ? IntVector.SPECIES_256 : IntVector.SPECIES_128;

  private Packed() {}

  /** {@link #WIDE} bytes. */
  static IntVector wide(long address) {
    return IntVector.fromMemorySegment(WIDE_SPECIES, Memory.ALL, address, ORDER);
  }

  /** 16 bytes. */
  static IntVector sixteen(long address) {
    return IntVector.fromMemorySegment(IntVector.SPECIES_128, Memory.ALL, address, ORDER);
  }

  /** Stores as many bytes as there are. */
  static void store(IntVector bytes, long address) {
    bytes.intoMemorySegment(Memory.ALL, address, ORDER);
  }

  /** Every byte's lower nibble. */
  static IntVector low(IntVector bytes) {
    return bytes.and(0x0f0f0f0f);
  }

  /** Every byte's upper nibble. */
  static IntVector high(IntVector bytes) {
    return bytes.lanewise(VectorOperators.LSHR, 4).and(0x0f0f0f0f);
  }

  /** One bit of every byte, moved to the bottom. */
  static IntVector bit(IntVector bytes, int index) {
    return bytes.lanewise(VectorOperators.LSHR, index).and(0x01010101);
  }

  /** Two bits of every byte, moved to the bottom. */
  static IntVector twoBits(IntVector bytes, int index) {
    return bytes.lanewise(VectorOperators.LSHR, index).and(0x03030303);
  }

  /** Stores every byte less a number. */
  static void storeLess(IntVector bytes, int less, long address) {
    bytes.reinterpretAsBytes().sub((byte) less).intoMemorySegment(Memory.ALL, address, ORDER);
  }
}
