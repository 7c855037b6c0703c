package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/** Keys as floats, [32, width], to [width, 32]: a lane is a token. */
final class TurnKeys512 {

  /** Address of the keys. */
  static final int FROM = 0;

  /** Address of the turned ones. */
  static final int TO = 8;

  private static final Gp FROM_AT = Gp.RAX;
  private static final Gp TO_AT = Gp.RCX;
  private static final Gp COUNT = Gp.RDX;

  private TurnKeys512() {}

  /**
   * The code.
   *
   * @param width a multiple of 16
   */
  static byte[] code(int width) {
    var a = new X86Assembler(Vnni.EVEX);
    Leaf.begin(a);
    for (int half = 0; half < 2; half++) {
      a.mov(FROM_AT, Mem.at(Gp.RDI, FROM));
      a.mov(TO_AT, Mem.at(Gp.RDI, TO));
      a.movd(COUNT, width / 16);
      var sixteen = a.here();
      for (int r = 0; r < 16; r++) {
        a.emit(VMOVUPS, Vec.zmm(r), Mem.at(FROM_AT, 4 * width * (16 * half + r)));
      }
      int tokens = 64 * half;
      Turn512.lanes(a, _ -> true, lane -> Mem.at(TO_AT, 128 * lane + tokens));
      a.add(FROM_AT, 64);
      a.add(TO_AT, 16 * 128);
      a.sub(COUNT, 1);
      a.jump(Condition.NOT_EQUAL, sixteen);
    }
    Leaf.end(a);
    return a.finish();
  }
}
