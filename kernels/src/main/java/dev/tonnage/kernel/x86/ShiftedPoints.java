package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.Grid;
import java.util.ArrayList;
import java.util.List;

/**
 * Points of {@link Grid#IQ1_S} to weights: eight times the coordinates, one more or less, and a
 * bias. Lane g has two points of group g.
 */
final class ShiftedPoints {

  /** What bytes are more than eight times the numbers. */
  static final Offset.Bias OFFSET = new Offset.Bias(9);

  /** In each byte, what stands for a shift down. */
  static final int DOWN = 4;

  private static final GridLevels GRID = new GridLevels(Grid.IQ1_S, 8);

  private final LoadedGrid grid;
  private final List<Rm> halves = new ArrayList<>();
  private final List<Rm> shifts = new ArrayList<>();
  private final Rm twoBits;
  private final Rm levels;

  ShiftedPoints(ConstantPool constants) {
    twoBits = constants.add(Constants.bytes(_ -> 3));
    levels =
        constants.add(
            Constants.bytes(i -> 8 * (i % DOWN - 1) + OFFSET.bias() + ((i & DOWN) == 0 ? 1 : -1)));
    for (int i = 0; i < 2; i++) {
      int which = i;
      halves.add(constants.add(Constants.halves(i)));
      shifts.add(constants.add(Constants.words(word -> 4 * which + word % 2 * 2)));
    }
    grid = new LoadedGrid(GRID, constants);
  }

  /**
   * Numbers of points to weights. T2, T3 and T4 are overwritten.
   *
   * @param points 16 bits each
   * @param first for each lane's first point {@link #DOWN} in four bytes, or zeros
   * @param second for each lane's second point
   */
  void unpack(X86Assembler a, Vec points, Vec first, Vec second) {
    Vec half = Avx512.T2;
    Vec table = Avx512.T3;
    grid.lookUp(a, points);
    a.emit(VMOVUPS, table, levels);
    for (int u = 0; u < 4; u++) {
      if (u % 2 == 0) {
        a.emit(VPSHUFB, half, points, halves.get(u / 2));
      }
      Vec w = Avx512.WEIGHTS.get(u);
      Vec level = Avx512.T4;
      a.emit(VPSRLVW, level, half, shifts.get(u % 2));
      a.emit(VMOVUPS, w, twoBits);
      // two bits of the point, else what stands for the shift
      a.emit(VPTERNLOGD, w, level, u < 2 ? first : second, Avx512.AND_OR);
      a.emit(VPSHUFB, w, table, w);
    }
  }
}
