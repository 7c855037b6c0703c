package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/** Two halves at the begin of each block: a scale, and a number that is added. */
final class BlockMinima {

  /** How many constants this needs. */
  static final int CONSTANTS = 2;

  private BlockMinima() {}

  /** Puts the constants where they belong. */
  static void addTo(byte[][] constants, int first) {
    constants[first] = Constants.words(word -> 8 * Nibbles.block(word % 16) + word / 16);
    constants[first + 1] = Constants.words(word -> word < 16 ? 0 : 0x8000);
  }

  /** For {@link Nibbles}, whose blocks begin in T0 and T1. */
  static void unpack(X86Assembler a, int first) {
    Vec both = Avx512.SCALES;
    a.emit(VMOVUPS, both, Avx512.operand(first));
    a.emit(VPERMI2W, both, Avx512.T0, Avx512.T1);
    a.emit(VPXOR, both, both, Avx512.operand(first + 1));
    a.store(VEXTRACTI64X4, Avx512.LESS.y(), both, 1);
    a.emit(VCVTPH2PS, Avx512.LESS, Avx512.LESS.y());
    a.emit(VCVTPH2PS, Avx512.SCALES, both.y());
  }
}
