package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

/**
 * The lower two bits of several formats' numbers: of each half of 128, bits 0-1 of 32 bytes are
 * numbers 0-31, bits 2-3 the next 32 and so on. Of the four lanes in 128 bits each takes another
 * two bits of the same sixteen bytes.
 */
final class TwoBits {

  /** How many constants this needs, the first ones. */
  static final int CONSTANTS = 2;

  private static final Vec SHIFTS = Avx512.constant(0);
  private static final Vec TWO_BITS = Avx512.constant(1);

  private TwoBits() {}

  static byte[][] constants() {
    return new byte[][] {
      Constants.ints(lane -> lane % 4 * 2), Constants.ints(_ -> 0x03030303),
    };
  }

  static int[] groups() {
    int[] groups = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      groups[lane] = lane / 8 * 8 + lane % 4 * 2 + lane / 4 % 2;
    }
    return groups;
  }

  /** Of 64 bytes to the weights. */
  static void unpack(X86Assembler a, Mem from) {
    a.emit(VMOVUPS, Avx512.T0, from);
    for (int u = 0; u < 4; u++) {
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VPSHUFD, w, Avx512.T0, u * 0b01_01_01_01);
      a.emit(VPSRLVD, w, w, SHIFTS);
      a.emit(VPAND, w, w, TWO_BITS);
    }
  }
}
