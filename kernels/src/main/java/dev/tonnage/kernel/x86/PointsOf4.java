package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVW;

/**
 * Points of four coordinates from a {@link GridLevels grid} to weights: lane g has four points of
 * group g.
 */
final class PointsOf4 {

  private final Rm[] halves = new Rm[2];
  private final Rm shifts;
  private final Rm levels;

  /**
   * @param levels what levels' numbers stand for
   */
  PointsOf4(byte[] levels, ConstantPool constants) {
    this.levels = constants.add(levels);
    shifts = constants.add(Constants.words(word -> word % 2 * 4));
    for (int i = 0; i < 2; i++) {
      halves[i] = constants.add(Constants.halves(i));
    }
  }

  /**
   * All weights.
   *
   * @param even of each four points the first and third
   * @param odd the second and fourth
   * @param table a register that is overwritten
   */
  void unpack(X86Assembler a, Vec even, Vec odd, Vec table) {
    a.emit(VMOVUPS, table, levels);
    for (int u = 0; u < 4; u++) {
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VPSHUFB, w, u % 2 == 0 ? even : odd, halves[u / 2]);
      a.emit(VPSRLVW, w, w, shifts);
      a.emit(VPSHUFB, w, table, w);
    }
  }
}
