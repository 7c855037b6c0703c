package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPERM2I128;

import dev.tonnage.kernel.x86.Vec.Width;
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
    Turn.fours(a, Width.YMM);
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
