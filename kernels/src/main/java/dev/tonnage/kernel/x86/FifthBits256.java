package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQB;
import static dev.tonnage.kernel.x86.Instruction.VPINSRD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/** A fifth bit on nibbles: blocks have 32 bits, bit k for number k. */
final class FifthBits256 {

  private static final int LOWER_BYTES = Nibbles256.CONSTANTS;
  private static final int UPPER_BYTES = LOWER_BYTES + 1;
  private static final int EVEN_BITS = LOWER_BYTES + 2;
  private static final int ODD_BITS = LOWER_BYTES + 3;
  private static final int FIFTH = LOWER_BYTES + 4;

  /** How many of an unpacker's constants are these and those of nibbles: the first. */
  static final int CONSTANTS = LOWER_BYTES + 5;

  private FifthBits256() {}

  /** An unpacker's constants, the first of which are these and those of nibbles. */
  static byte[][] constants(byte[]... others) {
    byte[][] all = new byte[5 + others.length][];
    // a lane has sixteen numbers of a block, and so two of the block's bytes
    all[0] = Constants.bytes(lane -> 2 * (lane % 32 / 4));
    all[1] = Constants.bytes(lane -> 2 * (lane % 32 / 4) + 1);
    all[2] = Constants.bytes(lane -> 1 << (lane % 4));
    all[3] = Constants.bytes(lane -> 16 << (lane % 4));
    all[4] = Constants.bytes(_ -> 16);
    System.arraycopy(others, 0, all, 5, others.length);
    return Nibbles256.constants(all);
  }

  /** Adds them to weights that {@link Nibbles256#blocks} left. */
  static void add(X86Assembler a, Gp at, int blockBytes, int offset, int half, int blocks) {
    Vec words = Avx2.T0;
    Vec word = words.x();
    a.emit(VPXOR, word, word, word);
    for (int b = 0; b < 4 && 4 * half + b < blocks; b++) {
      a.emit(VPINSRD, word, word, Mem.at(at, (4 * half + b) * blockBytes + offset), b);
    }
    a.emit(VINSERTI128, words, words, word, 1);
    Vec spread = Avx2.T1;
    Vec bits = Avx2.T2;
    for (int u = 0; u < 4; u++) {
      if (u % 2 == 0) {
        a.emit(VPSHUFB, spread, words, Avx2.constant(u == 0 ? LOWER_BYTES : UPPER_BYTES));
      }
      a.emit(VMOVUPS, Avx2.T3, Avx2.constant(u % 2 == 0 ? EVEN_BITS : ODD_BITS));
      a.emit(VPAND, bits, spread, Avx2.T3);
      a.emit(VPCMPEQB, bits, bits, Avx2.T3);
      a.emit(VPAND, bits, bits, Avx2.constant(FIFTH));
      Vec w = Avx2.WEIGHTS.get(u);
      a.emit(VPOR, w, w, bits);
    }
  }
}
