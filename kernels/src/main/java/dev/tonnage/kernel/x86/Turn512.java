package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VSHUFI32X4;

import dev.tonnage.kernel.x86.Vec.Width;
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
    Turn.fours(a, Width.ZMM);
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
