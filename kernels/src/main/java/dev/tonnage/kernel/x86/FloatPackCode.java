package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * Rows of floats of any kind, as many as a vector has lanes or fewer, to one half of a tile for
 * {@link FloatPromptCode}: an input is a vector of the rows' weights. A step is as many inputs.
 */
final class FloatPackCode {

  /** Address of the first row's weights. */
  static final int WEIGHTS = 0;

  /** Bytes from a row to the next. */
  static final int ROW_BYTES = 8;

  /** How many steps, at least 1. */
  static final int STEPS = 16;

  /** Address of the half of the tile. */
  static final int TILE = 24;

  /** The first row, and every fourth one after it. */
  private static final Gp[] FOURS = {Gp.RAX, Gp.RCX, Gp.RDX, Gp.RSI};

  private static final Gp STRIDE = Gp.R8;
  private static final Gp STRIDES = Gp.R9;
  private static final Gp TILE_AT = Gp.R10;
  private static final Gp COUNT = Gp.R11;

  private final X86Assembler a;
  private final FloatWeights weights;
  private final int rows;
  private final Width width;
  private final int lanes;

  private FloatPackCode(FloatWeights weights, int rows, Width width) {
    this.a = X86Assembler.of(width);
    this.weights = weights;
    this.rows = rows;
    this.width = width;
    this.lanes = width.bytes() / 4;
  }

  /**
   * The code.
   *
   * @param rows 1 to as many as there are lanes; zeros stand for others
   */
  static byte[] code(FloatWeights weights, int rows, Width width) {
    return new FloatPackCode(weights, rows, width).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(STRIDE, Mem.at(Gp.RDI, ROW_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    a.mov(TILE_AT, Mem.at(Gp.RDI, TILE));
    a.mov(FOURS[0], Mem.at(Gp.RDI, WEIGHTS));
    for (int i = 1; i < lanes / 4; i++) {
      a.lea(FOURS[i], Mem.at(FOURS[i - 1], STRIDE, 4, 0));
    }
    a.mov(COUNT, Mem.at(Gp.RDI, STEPS));
    var step = a.here();
    step();
    for (int i = 0; i < lanes / 4; i++) {
      a.add(FOURS[i], weights.bytes(lanes));
    }
    a.add(TILE_AT, lanes * FloatPromptCode.inputBytes(width));
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, step);
    Leaf.end(a);
    return a.finish();
  }

  private void step() {
    for (int r = 0; r < lanes; r++) {
      Vec row = new Vec(r, width);
      if (r < rows) {
        weights.load(a, row, row(r));
      } else {
        a.emit(VPXOR, row, row, row);
      }
    }
    Turn.lanes(a, width, lane -> Mem.at(TILE_AT, FloatPromptCode.inputBytes(width) * lane));
  }

  private Mem row(int row) {
    Gp four = FOURS[row / 4];
    return switch (row % 4) {
      case 0 -> Mem.at(four);
      case 1 -> Mem.at(four, STRIDE, 1, 0);
      case 2 -> Mem.at(four, STRIDE, 2, 0);
      default -> Mem.at(four, STRIDES, 1, 0);
    };
  }
}
