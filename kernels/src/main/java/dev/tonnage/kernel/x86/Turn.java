package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKHQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;

import dev.tonnage.kernel.x86.Vec.Width;
import java.util.function.IntFunction;

/** As many rows as a vector has lanes of 32 bits, turned: a lane of all rows becomes a vector. */
final class Turn {

  private Turn() {}

  /**
   * Turns the rows in the first registers; all others are overwritten.
   *
   * @param to where a lane of all rows goes
   */
  static void lanes(X86Assembler a, Width width, IntFunction<Mem> to) {
    if (width == Width.ZMM) {
      Turn512.lanes(a, _ -> true, to);
    } else {
      Turn256.lanes(a, _ -> true, to);
    }
  }

  /**
   * What both widths begin with: turns by fours; as many registers behind the rows are overwritten.
   * Afterwards register 4f + k has, in its part p of 128 bits, lane 4p + k of rows 4f to 4f + 3.
   */
  static void fours(X86Assembler a, Width width) {
    int rows = width.bytes() / 4;
    for (int r = 0; r < rows; r += 2) {
      Vec even = new Vec(r, width);
      Vec odd = new Vec(r + 1, width);
      a.emit(VPUNPCKLDQ, new Vec(rows + r, width), even, odd);
      a.emit(VPUNPCKHDQ, new Vec(rows + r + 1, width), even, odd);
    }
    for (int r = 0; r < rows; r += 4) {
      Vec lower = new Vec(rows + r, width);
      Vec upper = new Vec(rows + r + 1, width);
      Vec nextLower = new Vec(rows + r + 2, width);
      Vec nextUpper = new Vec(rows + r + 3, width);
      a.emit(VPUNPCKLQDQ, new Vec(r, width), lower, nextLower);
      a.emit(VPUNPCKHQDQ, new Vec(r + 1, width), lower, nextLower);
      a.emit(VPUNPCKLQDQ, new Vec(r + 2, width), upper, nextUpper);
      a.emit(VPUNPCKHQDQ, new Vec(r + 3, width), upper, nextUpper);
    }
  }
}
