package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPBLENDMW;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQW;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;
import static dev.tonnage.kernel.x86.Instruction.VPTESTMW;

import java.util.ArrayList;
import java.util.List;

/**
 * Points of a grid of up to 1024, looked up 32 at a time: 64 points are in two registers, of which
 * one instruction takes any 32, and this is done once for each 64 points, in the lanes that want
 * them.
 */
final class PermutedGrid {

  /** Points that one instruction chooses among. */
  private static final int PIECE = 64;

  /** Some of the points: their number by {@link #PIECE}, and the two registers with them. */
  private record Piece(Rm number, Rm lower, Rm upper) {}

  private static final List<Mask> MASKS = List.of(Mask.K1, Mask.K2, Mask.K3, Mask.K4);

  private final List<Piece> pieces = new ArrayList<>();

  PermutedGrid(GridLevels grid, ConstantPool constants) {
    short[] points = grid.points();
    for (int begin = 0; begin < points.length; begin += PIECE) {
      int first = begin;
      pieces.add(
          new Piece(
              constants.add(Constants.words(_ -> first / PIECE)),
              constants.add(Constants.words(i -> points[first + i])),
              constants.add(Constants.words(i -> points[first + PIECE / 2 + i]))));
    }
  }

  /** Numbers of points become points, 16 bits each. T2, T3 and T4 are overwritten. */
  void lookUp(X86Assembler a, Vec points) {
    Vec which = Avx512.T2;
    a.shift(VPSRLW, which, points, Integer.numberOfTrailingZeros(PIECE));
    if (pieces.size() <= 4) {
      for (int i = 0; i < pieces.size(); i++) {
        piece(a, points, which, i);
      }
      return;
    }
    // of more, two halves by themselves: each waits for the last
    Vec others = Avx512.T4;
    int half = pieces.size() / 2;
    a.emit(VMOVUPS, others, points);
    for (int i = 0; i < half; i++) {
      piece(a, points, which, i);
      piece(a, others, which, half + i);
    }
    a.emit(VPTESTMW, Mask.K1, which, pieces.get(half).number());
    a.emit(VPBLENDMW, Mask.K1, points, points, others);
  }

  private void piece(X86Assembler a, Vec points, Vec which, int index) {
    Piece piece = pieces.get(index);
    Mask wanted = MASKS.get(index % MASKS.size());
    a.emit(VPCMPEQW, wanted, which, piece.number());
    switch (piece.lower()) {
      case Vec register -> a.emit(VPERMI2W, wanted, points, register, piece.upper());
      case Mem memory -> {
        a.emit(VMOVUPS, Avx512.T3, memory);
        a.emit(VPERMI2W, wanted, points, Avx512.T3, piece.upper());
      }
    }
  }
}
