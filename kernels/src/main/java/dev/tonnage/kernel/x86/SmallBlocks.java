package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/**
 * Blocks of 32 numbers, eight at a time or fewer at the end of a row: sixteen bytes of each are
 * brought together. Eight blocks are three loads; one by one, as the last ones are read, they would
 * be sixteen.
 *
 * @param bytes of a block, an even number from 18 to 24
 */
record SmallBlocks(int bytes) {

  /**
   * Puts the two constants that {@link #pieces} needs where they belong: in which 16 bits of two of
   * the three loads each piece is, for four blocks and for four more.
   *
   * @param offset where in a block a piece begins
   */
  void addTo(byte[][] constants, int first, int offset) {
    constants[first] = Constants.words(i -> place(i / 8 * bytes + offset + i % 8 * 2, 64));
    constants[first + 1] =
        Constants.words(i -> place((4 + i / 8) * bytes + offset + i % 8 * 2 - 64, third() - 64));
  }

  /** A byte in a load of 64 from 0 on, and in another from {@code second} on, in 16 bits. */
  private static int place(int at, int second) {
    return at < 64 ? at / 2 : (64 + at - second) / 2;
  }

  /** Where the third load begins. */
  private int third() {
    return 8 * bytes - 64;
  }

  /** Eight blocks to T2, T3 and T4, where there are as many. */
  void load(X86Assembler a, Gp at, int blocks) {
    if (blocks == 8) {
      a.emit(VMOVUPS, Avx512.T2, Mem.at(at));
      a.emit(VMOVUPS, Avx512.T3, Mem.at(at, 64));
      a.emit(VMOVUPS, Avx512.T4, Mem.at(at, third()));
    }
  }

  /**
   * After {@link #load}: sixteen bytes of each block to T0, four blocks', and T1, four more.
   *
   * @param offset where in a block they begin
   * @param places index of the first of the two constants
   * @param blocks how many there are, 1 to 8; zeros stand for others
   */
  void pieces(X86Assembler a, Gp at, int offset, int places, int blocks) {
    if (blocks == 8) {
      a.emit(VMOVUPS, Avx512.T0, Avx512.operand(places));
      a.emit(VPERMI2W, Avx512.T0, Avx512.T2, Avx512.T3);
      a.emit(VMOVUPS, Avx512.T1, Avx512.operand(places + 1));
      a.emit(VPERMI2W, Avx512.T1, Avx512.T3, Avx512.T4);
    } else {
      oneByOne(a, Mem.at(at, offset), bytes, blocks);
    }
  }

  /** Sixteen bytes of each block to T0 and T1, for any number of bytes from a block to the next. */
  static void oneByOne(X86Assembler a, Mem first, int bytes, int blocks) {
    four(a, Avx512.T0, first, bytes, Math.min(blocks, 4));
    four(a, Avx512.T1, first.plus(4 * bytes), bytes, blocks - 4);
  }

  private static void four(X86Assembler a, Vec to, Mem first, int bytes, int blocks) {
    if (blocks <= 0) {
      a.emit(VPXOR, to, to, to);
      return;
    }
    a.emit(VMOVUPS, to.x(), first);
    for (int block = 1; block < blocks; block++) {
      a.emit(VINSERTI128, to, to, first.plus(block * bytes), block);
    }
  }
}
