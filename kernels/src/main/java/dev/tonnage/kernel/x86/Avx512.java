package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import java.util.List;

/** Which of the 32 registers is what in AVX-512 kernels, and what unpackers share. */
final class Avx512 {

  /** Four vectors of unpacked weights. */
  static final List<Vec> WEIGHTS = List.of(Vec.zmm(8), Vec.zmm(9), Vec.zmm(10), Vec.zmm(11));

  /** A scale for each lane. */
  static final Vec SCALES = Vec.zmm(12);

  /** What is subtracted, for each lane, where there are minima. */
  static final Vec LESS = Vec.zmm(13);

  /** For the skeleton; an unpacker may use it before. */
  static final Vec SUM = Vec.zmm(14);

  /** For whatever an unpacker needs in between, as {@link #T0}. */
  static final Vec T4 = Vec.zmm(15);

  /** For whatever an unpacker needs in between. */
  static final Vec T0 = Vec.zmm(16);

  static final Vec T1 = Vec.zmm(17);
  static final Vec T2 = Vec.zmm(18);
  static final Vec T3 = Vec.zmm(19);

  // what vpternlogd makes of each three bits

  /** A bit of the second where the first has one, else of the third. */
  static final int SELECT = 0xca;

  /** A bit of the first where the third has one, else of the second. */
  static final int SELECT_BY_THIRD = 0xe4;

  /** The first, or where both others have a bit. */
  static final int OR_AND = 0xf8;

  /** Where both first have a bit, or the third. */
  static final int AND_OR = 0xea;

  /** The exclusive or of all three. */
  static final int XOR = 0x96;

  private static final int FIRST_CONSTANT = 20;

  /** Constants that are in registers; more of them are in memory alone. */
  private static final int CONSTANTS = 12;

  /** The register with the address of an unpacker's constants. */
  static final Gp CONSTANTS_AT = Gp.R9;

  /** A general register that an unpacker may use. */
  static final Gp FREE = Gp.RDX;

  private Avx512() {}

  /** An unpacker's constant. */
  static Vec constant(int index) {
    if (index >= CONSTANTS) {
      throw new IllegalArgumentException("constant " + index + " is in no register");
    }
    return Vec.zmm(FIRST_CONSTANT + index);
  }

  /** An unpacker's constant, in its register or where it lies in memory. */
  static Rm operand(int index) {
    return index < CONSTANTS ? constant(index) : placed(index);
  }

  /** An unpacker's constant where it lies in memory. */
  static Mem placed(int index) {
    return Mem.at(CONSTANTS_AT, 64 * index);
  }

  /** Loads {@link #CONSTANTS_AT}, and the constants that have registers. */
  static void loadConstants(X86Assembler a, Label constants, int count) {
    a.lea(CONSTANTS_AT, constants);
    for (int i = 0; i < Math.min(CONSTANTS, count); i++) {
      a.emit(VMOVUPS, constant(i), placed(i));
    }
  }

  /** The half-precision number at an address in all lanes, as floats. */
  static void broadcastHalf(X86Assembler a, Vec to, Mem half) {
    a.emit(VPBROADCASTW, to.y(), half);
    a.emit(VCVTPH2PS, to, to.y());
  }

  /**
   * Weights in their own order, 64 to a vector, become vectors that have four of each group: lane
   * 4j + i then has group 4i + j. Four by four transpositions in each 128 bits.
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

  /** Which group each lane has after {@link #transpose}. */
  static int[] transposedGroups() {
    int[] groups = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      groups[lane] = 4 * (lane % 4) + lane / 4;
    }
    return groups;
  }

  /** Lanes that are groups. */
  static int[] groupsInOrder() {
    int[] groups = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      groups[lane] = lane;
    }
    return groups;
  }
}
