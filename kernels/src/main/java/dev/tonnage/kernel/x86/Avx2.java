package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;

import java.util.List;

/** Which of the 16 registers is what in AVX2 kernels, and what unpackers share. */
final class Avx2 {

  /** Lanes of 32 bits. */
  static final int LANES = 8;

  /** Four vectors of unpacked weights. */
  static final List<Vec> WEIGHTS = List.of(Vec.ymm(8), Vec.ymm(9), Vec.ymm(10), Vec.ymm(11));

  /** A scale for each lane. */
  static final Vec SCALES = Vec.ymm(12);

  /** What is subtracted, for each lane, where there are minima. */
  static final Vec LESS = Vec.ymm(13);

  /** For the skeleton. */
  static final Vec SUM = Vec.ymm(14);

  static final Vec PRODUCTS = Vec.ymm(15);

  /** For whatever an unpacker needs in between. */
  static final Vec T0 = Vec.ymm(14);

  static final Vec T1 = Vec.ymm(15);

  /** The same until what is subtracted is known. */
  static final Vec T2 = LESS;

  /** The same until scales are known. */
  static final Vec T3 = SCALES;

  /** Address of the constants: of the skeleton's, then of the unpacker's. */
  static final Gp CONSTANTS = Gp.R9;

  /** For an unpacker's numbers. */
  static final Gp FREE = Gp.RDX;

  private static final int KEPT = 128;

  private Avx2() {}

  /** 16 times 1 in 16 bits. */
  static Mem ones() {
    return Mem.at(CONSTANTS);
  }

  /** An unpacker's constant: its lower 32 bytes. */
  static Mem constant(int index) {
    return Mem.at(CONSTANTS, 64 * (index + 1));
  }

  /** An unpacker's constant: the lower 32 bytes for the first half of a record, then the upper. */
  static Mem constant(int index, int half) {
    return constant(index).plus(32 * half);
  }

  /** All constants. */
  static byte[][] constants(Unpacker256 unpacker) {
    byte[][] own = unpacker.constants();
    byte[][] all = new byte[own.length + 1][];
    all[0] = Constants.ints(_ -> 0x0001_0001);
    System.arraycopy(own, 0, all, 1, own.length);
    return all;
  }

  /** Somewhere in 128 bytes, in the block of arguments, that an unpacker may use for a record. */
  static Mem kept(int offset) {
    return Mem.at(Gp.RDI, KEPT + offset);
  }

  /** The half-precision number at an address in all lanes, as floats. */
  static void broadcastHalf(X86Assembler a, Vec to, Mem half) {
    a.emit(VPBROADCASTW, to.x(), half);
    a.emit(VCVTPH2PS, to, to.x());
  }

  /**
   * Weights in their own order, 32 to a vector, become vectors that have four of each group: lane
   * 4p + i then has group 2i + p. Four by four transpositions in each 128 bits.
   */
  static void transpose(X86Assembler a) {
    Vec w0 = WEIGHTS.get(0);
    Vec w1 = WEIGHTS.get(1);
    Vec w2 = WEIGHTS.get(2);
    Vec w3 = WEIGHTS.get(3);
    a.emit(VPUNPCKLDQ, T0, w0, w1);
    a.emit(VPUNPCKHDQ, T1, w0, w1);
    a.emit(VPUNPCKLDQ, T2, w2, w3);
    a.emit(VPUNPCKHDQ, T3, w2, w3);
    a.emit(VPUNPCKLQDQ, w0, T0, T2);
    a.emit(VPUNPCKHQDQ, w1, T0, T2);
    a.emit(VPUNPCKLQDQ, w2, T1, T3);
    a.emit(VPUNPCKHQDQ, w3, T1, T3);
  }

  /** Which group of the sixteen each lane has, first of the one half and then of the other. */
  static int[] groups() {
    int[] groups = new int[2 * LANES];
    for (int lane = 0; lane < 2 * LANES; lane++) {
      groups[lane] = lane / 8 * 8 + lane % 4 * 2 + lane / 4 % 2;
    }
    return groups;
  }
}
