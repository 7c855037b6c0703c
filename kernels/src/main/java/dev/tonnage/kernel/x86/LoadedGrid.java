package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPINSRW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/**
 * Points of a grid of 2048, looked up one by one: permutations, as {@link PermutedGrid} has them,
 * would be too many.
 */
final class LoadedGrid {

  private final Mem points;

  /** Best when all other constants have been added. */
  LoadedGrid(GridLevels grid, ConstantPool constants) {
    points = constants.addTable(grid.points());
  }

  /** Numbers of points become points, 16 bits each. T2 is overwritten. */
  void lookUp(X86Assembler a, Vec points) {
    Mem numbers = Mem.at(Gp.RDI, Leaf.ROOM);
    a.store(VMOVUPS_STORE, numbers, points);
    for (int eight = 0; eight < 4; eight++) {
      Vec some = eight == 0 ? points.x() : Avx512.T2.x();
      a.emit(VPXOR, some, some, some);
      for (int i = 0; i < 8; i++) {
        a.movw(Avx512.FREE, numbers.plus(2 * (8 * eight + i)));
        a.emit(VPINSRW, some, some, point(Avx512.FREE), i);
      }
      if (eight > 0) {
        a.emit(VINSERTI128, points, points, some, eight);
      }
    }
  }

  private Mem point(Gp number) {
    return Mem.at(points.base(), number, 2, points.displacement());
  }
}
