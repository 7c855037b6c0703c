package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

/**
 * 32 numbers as sixteen bytes of nibbles, the lower ones first: of eight times as many, each of
 * eight lanes takes a block's lower nibbles, and each of eight more its upper ones.
 */
final class Nibbles {

  /** How many constants this needs, the first ones. */
  static final int CONSTANTS = 6;

  private static final Vec SHIFTS = Avx512.constant(4);
  private static final Vec NIBBLES = Avx512.constant(5);

  private Nibbles() {}

  static int[] groups() {
    int[] groups = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      groups[lane] = 2 * block(lane) + lane / 8;
    }
    return groups;
  }

  /** The block that a lane has a half of. */
  static int block(int lane) {
    return lane % 8;
  }

  /** The constants, and room for more of them. */
  static byte[][] constants(int more) {
    byte[][] constants = new byte[CONSTANTS + more][];
    for (int u = 0; u < 4; u++) {
      int dword = u;
      constants[u] = Constants.ints(lane -> 4 * block(lane) + dword);
    }
    constants[4] = Constants.ints(lane -> lane / 8 * 4);
    constants[5] = Constants.ints(_ -> 0x0f0f0f0f);
    return constants;
  }

  /** A table for {@link #choose}: a format's levels, which are signed, with a bias. */
  static byte[] levels(byte[] levels, Offset offset) {
    return Constants.bytes(i -> levels[i % 16] + offset.bias());
  }

  /** The nibbles of T0, four blocks', and T1, four more, to the weights. */
  static void unpack(X86Assembler a) {
    for (int u = 0; u < 4; u++) {
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VMOVUPS, w, Avx512.constant(u));
      a.emit(VPERMI2D, w, Avx512.T0, Avx512.T1);
      a.emit(VPSRLVD, w, w, SHIFTS);
      a.emit(VPAND, w, w, NIBBLES);
    }
  }

  /** Weights choose from a table. */
  static void choose(X86Assembler a, Vec table) {
    for (Vec w : Avx512.WEIGHTS) {
      a.emit(VPSHUFB, w, table, w);
    }
  }
}
