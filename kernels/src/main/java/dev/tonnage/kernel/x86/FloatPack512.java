package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * Up to sixteen rows of floats of any kind to one half of a tile for {@link FloatPrompt512}: an
 * input is a line of sixteen rows' weights.
 */
final class FloatPack512 {

  /** Inputs of a step. */
  static final int STEP = 16;

  /** Rows of a half. */
  static final int ROWS = 16;

  /** Address of the first row's weights. */
  static final int WEIGHTS = 0;

  /** Bytes from a row to the next. */
  static final int ROW_BYTES = 8;

  /** How many whole steps there are. */
  static final int STEPS = 16;

  /** A bit for each input of a last step; at least one, where there is any. */
  static final int LAST = 24;

  /** Address of the half of the tile; zeros stand behind the last input to the end of its step. */
  static final int TILE = 32;

  /** The first row, and every fourth one after it. */
  private static final Gp[] FOURS = {Gp.RAX, Gp.RCX, Gp.RDX, Gp.RSI};

  private static final Gp STRIDE = Gp.R8;
  private static final Gp STRIDES = Gp.R9;
  private static final Gp TILE_AT = Gp.R10;
  private static final Gp COUNT = Gp.R11;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final FloatWeights weights;
  private final int rows;

  private FloatPack512(FloatWeights weights, int rows) {
    this.weights = weights;
    this.rows = rows;
  }

  /**
   * The code.
   *
   * @param rows 1 to {@link #ROWS}; zeros stand for others
   */
  static byte[] code(FloatWeights weights, int rows) {
    return new FloatPack512(weights, rows).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(FOURS[0], Mem.at(Gp.RDI, LAST));
    a.kmovw(Mask.K1, FOURS[0]);
    a.mov(STRIDE, Mem.at(Gp.RDI, ROW_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    a.mov(TILE_AT, Mem.at(Gp.RDI, TILE));
    a.mov(FOURS[0], Mem.at(Gp.RDI, WEIGHTS));
    for (int i = 1; i < FOURS.length; i++) {
      a.lea(FOURS[i], Mem.at(FOURS[i - 1], STRIDE, 4, 0));
    }
    var last = a.label();
    var end = a.label();
    a.mov(COUNT, Mem.at(Gp.RDI, STEPS));
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, last);
    var step = a.here();
    step(Mask.NONE);
    for (Gp four : FOURS) {
      a.add(four, weights.bytes(STEP));
    }
    a.add(TILE_AT, STEP * FloatPrompt512.INPUT_BYTES);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, step);
    a.bind(last);
    a.mov(COUNT, Mem.at(Gp.RDI, LAST));
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, end);
    step(Mask.K1);
    a.bind(end);
    Leaf.end(a);
    return a.finish();
  }

  private void step(Mask some) {
    for (int r = 0; r < ROWS; r++) {
      Vec row = Vec.zmm(r);
      if (r >= rows) {
        a.emit(VPXOR, row, row, row);
      } else if (some == Mask.NONE) {
        weights.load(a, row, row(r));
      } else {
        weights.load(a, some, row, row(r));
      }
    }
    Turn512.lanes(a, _ -> true, lane -> Mem.at(TILE_AT, FloatPrompt512.INPUT_BYTES * lane));
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
