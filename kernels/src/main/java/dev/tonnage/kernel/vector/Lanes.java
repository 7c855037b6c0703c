package dev.tonnage.kernel.vector;

import dev.tonnage.kernel.Memory;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors this machine has, and the few loads and the sum that all kernels share. Each method
 * is small enough to be inlined wherever it is called.
 */
final class Lanes {

  /** Floats: 4, 8 or 16 lanes. */
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /** Integers, as many lanes as floats. */
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Floats in a vector. */
  static final int L = F.length();

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** The upper half of the lanes. */
  static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(F, -1L << (L / 2));

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(16 * L));

  /** Shifts that bring byte i of a 32-bit word to the bottom of lane i, for four lanes. */
  private static final IntVector BYTE_SHIFTS = IntVector.fromArray(I, shifts(), 0);

  private static final VectorShuffle<Float> BY_8 = by(8);
  private static final VectorShuffle<Float> BY_4 = by(4);
  private static final VectorShuffle<Float> BY_2 = by(2);
  private static final VectorShuffle<Float> BY_1 = by(1);

  private Lanes() {}

  private static int[] shifts() {
    int[] shifts = new int[L];
    for (int i = 0; i < L; i++) {
      shifts[i] = 8 * (i % 4);
    }
    return shifts;
  }

  private static VectorShuffle<Float> by(int distance) {
    return VectorShuffle.fromOp(F, lane -> lane ^ (distance % L));
  }

  /**
   * Reads a byte of the weights through a segment, which no vector load does for HotSpot: only in
   * compiled methods with such a read does a page that the file no longer has become an error
   * instead of the end of the process (docs/decisions/0003-files-that-shrink.md).
   */
  static void touch(long address) {
    int _ = Memory.u8(address);
  }

  /** L floats. */
  static FloatVector f32(long address) {
    return FloatVector.fromMemorySegment(F, Memory.ALL, address, ORDER);
  }

  /** L unsigned bytes, widened. */
  static IntVector u8(long address) {
    if (L == 4) { // there is no vector of four bytes
      return IntVector.broadcast(I, Memory.i32(address))
          .lanewise(VectorOperators.LSHR, BYTE_SHIFTS)
          .and(0xff);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, Memory.ALL, address, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  /** L signed bytes, widened. */
  static IntVector i8(long address) {
    if (L == 4) {
      return u8(address).lanewise(VectorOperators.LSHL, 24).lanewise(VectorOperators.ASHR, 24);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, Memory.ALL, address, ORDER)
            .convertShape(VectorOperators.B2I, I, 0);
  }

  /** L signed 16-bit numbers, widened. */
  static IntVector i16(long address) {
    return (IntVector)
        ShortVector.fromMemorySegment(SHORTS, Memory.ALL, address, ORDER)
            .convertShape(VectorOperators.S2I, I, 0);
  }

  /** L half-precision floats. */
  static FloatVector f16(long address) {
    IntVector bits = i16(address);
    IntVector magnitude = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
    // the exponent's bias is 112 less; a multiplication mends it for subnormal numbers as well
    IntVector finite = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    VectorMask<Integer> special = magnitude.compare(VectorOperators.GE, 0x7c00 << 13);
    return finite
        .blend(magnitude.or(0x7f80_0000), special)
        .or(bits.and(0x8000_0000))
        .reinterpretAsFloats();
  }

  /** L brain floats. */
  static FloatVector bf16(long address) {
    return i16(address).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** Integers to floats. */
  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  /** The same number in every lane, from memory. */
  static FloatVector broadcast(long address) {
    return FloatVector.broadcast(F, Memory.f32(address));
  }

  /**
   * The sum of all lanes: neighbours at distance 8, then 4, 2, 1.
   *
   * @param v not the vector itself that a loop carries, but what a further operation makes of it,
   *     such as {@code add(0)}: where this call is not inlined, C2 puts its argument on the heap,
   *     and one that a loop carries on each turn of the loop
   *     (docs/decisions/0002-vector-kernels.md)
   */
  static float sum(FloatVector v) {
    FloatVector sum = v;
    if (L == 16) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (L >= 8) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    sum = sum.add(sum.rearrange(BY_2));
    sum = sum.add(sum.rearrange(BY_1));
    return sum.lane(0);
  }
}
