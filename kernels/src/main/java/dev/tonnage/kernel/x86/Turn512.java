package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;
import static dev.tonnage.kernel.x86.Instruction.VSHUFI32X4;

import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Sixteen rows of sixteen lanes become sixteen lanes of sixteen rows. */
final class Turn512 {

  private Turn512() {}

  /**
   * Turns registers 0 to 15, which are the rows; the others are overwritten, too.
   *
   * @param wanted which lanes are stored
   * @param to where a lane goes, 64 bytes
   */
  static void lanes(X86Assembler a, IntPredicate wanted, IntFunction<Mem> to) {
    // pairs of rows, then fours: in each 128 bits, four lanes of four rows
    for (int r = 0; r < 16; r += 2) {
      a.emit(VPUNPCKLDQ, Vec.zmm(16 + r), Vec.zmm(r), Vec.zmm(r + 1));
      a.emit(VPUNPCKHDQ, Vec.zmm(17 + r), Vec.zmm(r), Vec.zmm(r + 1));
    }
    for (int r = 0; r < 16; r += 4) {
      a.emit(VPUNPCKLQDQ, Vec.zmm(r), Vec.zmm(16 + r), Vec.zmm(18 + r));
      a.emit(VPUNPCKHQDQ, Vec.zmm(r + 1), Vec.zmm(16 + r), Vec.zmm(18 + r));
      a.emit(VPUNPCKLQDQ, Vec.zmm(r + 2), Vec.zmm(17 + r), Vec.zmm(19 + r));
      a.emit(VPUNPCKHQDQ, Vec.zmm(r + 3), Vec.zmm(17 + r), Vec.zmm(19 + r));
    }
    // register 4f + k has, in its part p of 128 bits, lane 4p + k of rows 4f to 4f + 3
    for (int k = 0; k < 4; k++) {
      Vec evenLower = Vec.zmm(16);
      Vec oddLower = Vec.zmm(17);
      Vec evenUpper = Vec.zmm(18);
      Vec oddUpper = Vec.zmm(19);
      Vec out = Vec.zmm(20);
      a.emit(VSHUFI32X4, evenLower, Vec.zmm(k), Vec.zmm(4 + k), 0x88); // parts 0, 2 of both
      a.emit(VSHUFI32X4, oddLower, Vec.zmm(k), Vec.zmm(4 + k), 0xdd);
      a.emit(VSHUFI32X4, evenUpper, Vec.zmm(8 + k), Vec.zmm(12 + k), 0x88);
      a.emit(VSHUFI32X4, oddUpper, Vec.zmm(8 + k), Vec.zmm(12 + k), 0xdd);
      for (int p = 0; p < 4; p++) {
        int lane = 4 * p + k;
        if (wanted.test(lane)) {
          boolean even = p % 2 == 0;
          a.emit(
              VSHUFI32X4,
              out,
              even ? evenLower : oddLower,
              even ? evenUpper : oddUpper,
              p < 2 ? 0x88 : 0xdd);
          a.store(VMOVUPS_STORE, to.apply(lane), out);
        }
      }
    }
  }
}
