package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDB;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPTESTMB;

/**
 * The fifth bits of {@link Nibbles}: each block has them in 32 bits, the first number's the lowest.
 */
final class FifthBits {

  /** How many constants this needs. */
  static final int CONSTANTS = 7;

  private FifthBits() {}

  /**
   * Puts the constants where they belong.
   *
   * @param offset where the bits are in sixteen bytes, an even number
   */
  static void addTo(byte[][] constants, int first, int offset) {
    constants[first] = Constants.words(word -> 8 * Nibbles.block(word / 2) + offset / 2 + word % 2);
    constants[first + 1] = Constants.ints(lane -> lane / 8 * 16);
    for (int i = 0; i < 2; i++) {
      int which = i;
      // a byte has the bits of four numbers, and of the next four
      constants[first + 2 + i] = Constants.quarters(i);
      constants[first + 4 + i] = Constants.bytes(at -> 1 << (4 * which + at % 4));
    }
    constants[first + 6] = Constants.bytes(_ -> 16);
  }

  /** Puts them upon the weights; T0 and T1 have sixteen bytes of four blocks each. */
  static void put(X86Assembler a, int first) {
    Vec bits = Avx512.T2;
    Vec eight = Avx512.T3;
    a.emit(VMOVUPS, bits, Avx512.operand(first));
    a.emit(VPERMI2W, bits, Avx512.T0, Avx512.T1);
    a.emit(VPSRLVD, bits, bits, Avx512.operand(first + 1));
    for (int u = 0; u < 4; u++) {
      if (u % 2 == 0) {
        a.emit(VPSHUFB, eight, bits, Avx512.operand(first + 2 + u / 2));
      }
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VPTESTMB, Mask.K1, eight, Avx512.operand(first + 4 + u % 2));
      a.emit(VPADDB, Mask.K1, w, w, Avx512.operand(first + 6));
    }
  }
}
