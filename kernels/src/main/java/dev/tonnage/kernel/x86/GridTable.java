package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQW;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;

import dev.tonnage.kernel.scalar.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * The points of a {@link Grid} as numbers of 16 bits, looked up 32 at a time: 64 points are in two
 * registers, of which one instruction takes any 32, and this is done once for each 64 points, in
 * the lanes that want them.
 *
 * <p>A coordinate becomes the number of its level, the lowest 0: of eight coordinates 0, 2, 4, 6
 * are at bits 0, 2, 4, 6, of four 0 and 2 at bits 0 and 4; the others are 8 bits further up.
 */
final class GridTable {

  /** Points that one instruction chooses among. */
  private static final int PIECE = 64;

  /** Some of the points: their number by {@link #PIECE}, and the two registers with them. */
  private record Piece(Rm number, Rm lower, Rm upper) {}

  private static final List<Mask> MASKS = List.of(Mask.K1, Mask.K2, Mask.K3, Mask.K4);

  private final List<Byte> levels;
  private final List<Piece> pieces = new ArrayList<>();

  /**
   * @param coordinates of a point, 4 or 8
   */
  GridTable(Grid grid, int coordinates, ConstantPool constants) {
    long[] points = grid.points();
    var different = new TreeSet<Byte>();
    for (long point : points) {
      for (int c = 0; c < coordinates; c++) {
        different.add(coordinate(point, c));
      }
    }
    levels = List.copyOf(different);
    int[] packed = new int[points.length];
    for (int i = 0; i < points.length; i++) {
      for (int c = 0; c < coordinates; c++) {
        int level = levels.indexOf(coordinate(points[i], c));
        packed[i] |= level << (c / 2 * (16 / coordinates) + c % 2 * 8);
      }
    }
    for (int begin = 0; begin < points.length; begin += PIECE) {
      int first = begin;
      pieces.add(
          new Piece(
              constants.add(Constants.words(_ -> first / PIECE)),
              constants.add(Constants.words(i -> packed[first + i])),
              constants.add(Constants.words(i -> packed[first + PIECE / 2 + i]))));
    }
  }

  private static byte coordinate(long point, int index) {
    return (byte) (point >>> (8 * index));
  }

  /** A table for a shuffle of bytes, by the numbers of levels: what becomes of each. */
  byte[] levels(IntUnaryOperator value) {
    return Constants.bytes(i -> i % 16 < levels.size() ? value.applyAsInt(levels.get(i % 16)) : 0);
  }

  /**
   * Numbers of points become points, 16 bits each.
   *
   * @param which a register that is overwritten
   * @param lower another one
   */
  void lookUp(X86Assembler a, Vec points, Vec which, Vec lower) {
    a.shift(VPSRLW, which, points, Integer.numberOfTrailingZeros(PIECE));
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      Mask wanted = MASKS.get(i % MASKS.size());
      a.emit(VPCMPEQW, wanted, which, piece.number());
      switch (piece.lower()) {
        case Vec register -> a.emit(VPERMI2W, wanted, points, register, piece.upper());
        case Mem memory -> {
          a.emit(VMOVUPS, lower, memory);
          a.emit(VPERMI2W, wanted, points, lower, piece.upper());
        }
      }
    }
  }
}
