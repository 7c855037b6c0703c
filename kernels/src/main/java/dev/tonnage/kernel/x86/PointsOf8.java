package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import java.util.List;

/**
 * Points of eight coordinates from a {@link GridLevels grid} to weights: lane g has two points of
 * group g.
 */
final class PointsOf8 {

  private final Rm[] halves = new Rm[2];
  private final Rm[] begins = new Rm[2];
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
      begins[i] = constants.add(Constants.words(word -> 4 * which + word % 2 * 2));
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
      Vec w = Avx512.WEIGHTS.get(u);
      spread(a, u, w, points, half);
      a.emit(VPAND, w, w, twoBits);
      a.emit(VPSHUFB, w, table, w);
    }
  }

  /**
   * All weights, where points have shifts.
   *
   * @param shifts for each lane's first and second point what is put upon levels' numbers
   * @param half a register that is overwritten
   * @param table another one
   * @param bits another one
   */
  void unpack(X86Assembler a, Vec points, List<Vec> shifts, Vec half, Vec table, Vec bits) {
    a.emit(VMOVUPS, table, levels);
    for (int u = 0; u < 4; u++) {
      Vec w = Avx512.WEIGHTS.get(u);
      spread(a, u, bits, points, half);
      a.emit(VMOVUPS, w, twoBits);
      a.emit(VPTERNLOGD, w, bits, shifts.get(u / 2), Avx512.AND_OR);
      a.emit(VPSHUFB, w, table, w);
    }
  }

  /** Each byte begins with two bits of a coordinate; vectors come in their order. */
  private void spread(X86Assembler a, int vector, Vec to, Vec points, Vec half) {
    if (vector % 2 == 0) {
      a.emit(VPSHUFB, half, points, halves[vector / 2]);
    }
    a.emit(VPSRLVW, to, half, begins[vector % 2]);
  }
}
