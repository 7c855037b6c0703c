package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVW;

/**
 * Points of eight coordinates from a {@link GridLevels grid} to weights: lane g has two points of
 * group g.
 */
final class PointsOf8 {

  private final Rm[] halves = new Rm[2];
  private final Rm[] shifts = new Rm[2];
  private final Rm twoBits;
  private final Rm levels;

  /**
   * @param levels what levels' numbers stand for
   */
  PointsOf8(byte[] levels, ConstantPool constants) {
    this.levels = constants.add(levels);
    twoBits = constants.add(Constants.bytes(_ -> 3));
    for (int i = 0; i < 2; i++) {
      int which = i;
      halves[i] = constants.add(Constants.halves(i));
      shifts[i] = constants.add(Constants.words(word -> 4 * which + word % 2 * 2));
    }
  }

  /**
   * All weights.
   *
   * @param half a register that is overwritten
   * @param table another one
   */
  void unpack(X86Assembler a, Vec points, Vec half, Vec table) {
    a.emit(VMOVUPS, table, levels);
    for (int u = 0; u < 4; u++) {
      if (u % 2 == 0) {
        a.emit(VPSHUFB, half, points, halves[u / 2]);
      }
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VPSRLVW, w, half, shifts[u % 2]);
      a.emit(VPAND, w, w, twoBits);
      a.emit(VPSHUFB, w, table, w);
    }
  }
}
