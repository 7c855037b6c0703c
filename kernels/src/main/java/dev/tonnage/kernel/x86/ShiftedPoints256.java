package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPADDB;

/**
 * Coordinates -1, 0 and 1 that are shifted up or down by an eighth: bytes are eight times them, and
 * a bias.
 */
final class ShiftedPoints256 {

  /** The largest byte, up from 1. */
  static final int MOST = 18;

  static final Offset.Bias OFFSET = new Offset.Bias(MOST / 2);

  /** What is added to eight times a coordinate that is shifted up. */
  static final int UP = OFFSET.bias() + 1;

  private ShiftedPoints256() {}

  /**
   * Shifts coordinates.
   *
   * @param down -1 for each that is shifted down, 0 for the others
   * @param up {@link #UP} for each
   */
  static void shift(X86Assembler a, Vec weights, Vec down, Mem up) {
    for (int twice = 0; twice < 3; twice++) {
      a.emit(VPADDB, weights, weights, weights);
    }
    a.emit(VPADDB, weights, weights, up);
    a.emit(VPADDB, weights, weights, down);
    a.emit(VPADDB, weights, weights, down);
  }
}
