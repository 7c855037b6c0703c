package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPERM2I128;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;

import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Eight rows of eight lanes of 32 bits, turned. */
final class Turn256 {

  private Turn256() {}

  /**
   * Stores lanes of the rows in registers 0 to 7; registers 8 to 15 are overwritten, too.
   *
   * @param wanted whether a lane is stored
   * @param to where a lane's eight rows go
   */
  static void lanes(X86Assembler a, IntPredicate wanted, IntFunction<Mem> to) {
    // pairs of rows, then fours: in each 128 bits, four lanes of four rows
    for (int r = 0; r < 8; r += 2) {
      a.emit(VPUNPCKLDQ, Vec.ymm(8 + r), Vec.ymm(r), Vec.ymm(r + 1));
      a.emit(VPUNPCKHDQ, Vec.ymm(9 + r), Vec.ymm(r), Vec.ymm(r + 1));
    }
    for (int r = 0; r < 8; r += 4) {
      a.emit(VPUNPCKLQDQ, Vec.ymm(r), Vec.ymm(8 + r), Vec.ymm(10 + r));
      a.emit(VPUNPCKHQDQ, Vec.ymm(r + 1), Vec.ymm(8 + r), Vec.ymm(10 + r));
      a.emit(VPUNPCKLQDQ, Vec.ymm(r + 2), Vec.ymm(9 + r), Vec.ymm(11 + r));
      a.emit(VPUNPCKHQDQ, Vec.ymm(r + 3), Vec.ymm(9 + r), Vec.ymm(11 + r));
    }
    // register 4f + k has, in its part p of 128 bits, lane 4p + k of rows 4f to 4f + 3
    for (int lane = 0; lane < 8; lane++) {
      if (wanted.test(lane)) {
        Vec out = Vec.ymm(8);
        int k = lane % 4;
        a.emit(VPERM2I128, out, Vec.ymm(k), Vec.ymm(4 + k), lane < 4 ? 0x20 : 0x31);
        a.store(VMOVUPS_STORE, to.apply(lane), out);
      }
    }
  }
}
