package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/** Keys as floats, [32, width], to [width, 32]: a lane is a token. */
final class TurnKeys {

  /** Address of the keys. */
  static final int FROM = 0;

  /** Address of the turned ones. */
  static final int TO = 8;

  private static final Gp FROM_AT = Gp.RAX;
  private static final Gp TO_AT = Gp.RCX;
  private static final Gp COUNT = Gp.RDX;

  private TurnKeys() {}

  /**
   * The code.
   *
   * @param width a multiple of 16
   */
  static byte[] code(int width, Width vector) {
    var a = X86Assembler.of(vector);
    int lanes = vector.bytes() / 4;
    Leaf.begin(a);
    for (int part = 0; part < 32 / lanes; part++) {
      a.mov(FROM_AT, Mem.at(Gp.RDI, FROM));
      a.mov(TO_AT, Mem.at(Gp.RDI, TO));
      a.movd(COUNT, width / lanes);
      var some = a.here();
      for (int r = 0; r < lanes; r++) {
        a.emit(VMOVUPS, new Vec(r, vector), Mem.at(FROM_AT, 4 * width * (lanes * part + r)));
      }
      int tokens = vector.bytes() * part;
      Turn.lanes(a, vector, lane -> Mem.at(TO_AT, 128 * lane + tokens));
      a.add(FROM_AT, vector.bytes());
      a.add(TO_AT, lanes * 128);
      a.sub(COUNT, 1);
      a.jump(Condition.NOT_EQUAL, some);
    }
    Leaf.end(a);
    return a.finish();
  }
}
