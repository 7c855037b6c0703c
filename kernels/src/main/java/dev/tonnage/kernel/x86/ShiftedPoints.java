package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.Grid;
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

  private final PointsOf8 points;
  private final LoadedGrid grid;

  /** Best when all other constants have been added. */
  ShiftedPoints(ConstantPool constants) {
    points =
        new PointsOf8(
            Constants.bytes(i -> 8 * (i % DOWN - 1) + OFFSET.bias() + ((i & DOWN) == 0 ? 1 : -1)),
            constants);
    grid = new LoadedGrid(GRID, constants);
  }

  /**
   * Numbers of points to weights. T2, T3 and T4 are overwritten.
   *
   * @param numbers 16 bits each
   * @param first for each lane's first point {@link #DOWN} in four bytes, or zeros
   * @param second for each lane's second point
   */
  void unpack(X86Assembler a, Vec numbers, Vec first, Vec second) {
    grid.lookUp(a, numbers);
    points.unpack(a, numbers, List.of(first, second), Avx512.T2, Avx512.T3, Avx512.T4);
  }
}
