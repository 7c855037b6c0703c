package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;
import java.util.function.IntUnaryOperator;

/**
 * The skeleton of kernels for generated tokens: rows of weights times one to eight tokens, the
 * weights read once. Lanes are summed in the order of the row, and at its end each other: an order
 * that is the same for any number of tokens.
 *
 * <p>Few tokens leave registers for the sums of several rows. These lie far apart, so that memory
 * is read in several places at once: some processors fetch no more than some lines ahead of each.
 */
abstract class Generation {

  /** Tokens of a call at most: as many as there are registers for their sums. */
  static final int MOST_TOKENS = 8;

  /** Rows at once at most. */
  static final int MOST_ROWS = 4;

  /** What memory is asked for in all places together, beyond what is read. */
  private static final int AHEAD_BYTES = 8192;

  /** Where each of the rows is read. */
  private static final Gp[] ROW = {Gp.RAX, Gp.RCX, Gp.R8, Gp.R11};

  /** The first token's record. */
  private static final Gp FIRST = Gp.RSI;

  /** Bytes from one token's records to the next. */
  private static final Gp STRIDE = Gp.R10;

  /** The fourth token's record, where there are no more than two rows. */
  private static final Gp FOURTH = Gp.R11;

  /** Three times {@link #STRIDE}, where there is one row. */
  private static final Gp STRIDES = Gp.R8;

  private static final Gp FREE = Gp.RDX;
  private static final Gp ARGUMENTS = Gp.RDI;

  /** What the code is written with. */
  final X86Assembler a;

  /**
   * What the code does.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   * @param rows at once, 1 or {@link #rows}
   * @param lastBlocks how many blocks are left at the end of a row, fewer than are in a record
   */
  record Form(int tokens, int rows, int lastBlocks) {

    /** How many rows so many tokens leave registers for. */
    static int rows(int tokens) {
      return tokens <= 2 ? MOST_ROWS : tokens <= 4 ? 2 : 1;
    }
  }

  /**
   * How weights and activations lie.
   *
   * @param blocks how many are in a record, which is 256 weights
   * @param weightBytes of so many blocks
   * @param activationBytes of a record
   */
  record Layout(int blocks, IntUnaryOperator weightBytes, int activationBytes) {

    /** Blocks of 32 weights, and quantised activations. */
    static Layout of(Unpacking unpacking) {
      return new Layout(8, unpacking::bytes, ActivationRecord.BYTES);
    }

    int weightBytes(int blocks) {
      return weightBytes.applyAsInt(blocks);
    }
  }

  final Form form;
  final Width width;
  private final Layout layout;

  Generation(X86Assembler a, Width width, Layout layout, Form form) {
    this.a = a;
    this.width = width;
    this.layout = layout;
    this.form = form;
  }

  /** Numbers behind the code. */
  abstract byte[][] constants();

  /** Makes the constants known to what follows. */
  abstract void loadConstants(Label constants, int count);

  /**
   * Up to 256 weights of a row times all tokens, added to the row's sums.
   *
   * @param at where they are
   * @param row which of the rows
   * @param blocks how many there are
   */
  abstract void record(Gp at, int row, int blocks);

  /** A row's and a token's result to where it goes. */
  void result(Vec result, Mem to) {
    a.store(VMOVSS_STORE, to, result);
  }

  /** The sum of a row and a token. */
  Vec sum(int row, int token) {
    return new Vec(row * form.tokens() + token, width);
  }

  /** Somewhere in a token's record. */
  Mem activations(int token, int offset) {
    return Mem.ofEight(token, FIRST, FOURTH, STRIDE, STRIDES, offset);
  }

  byte[] write() {
    Leaf.begin(a);
    a.mov(STRIDE, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATION_BYTES));
    if (form.tokens() > 4) {
      a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    }
    byte[][] constants = constants();
    var place = a.label();
    loadConstants(place, constants.length);
    var rows = a.here();
    begin();
    a.mov(FREE, Mem.at(ARGUMENTS, GenerationArguments.RECORDS));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.RECORDS_LEFT), FREE);
    var last = a.label();
    a.test(FREE, FREE);
    a.jump(Condition.EQUAL, last);
    var records = a.here();
    records(layout.blocks());
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.RECORDS_LEFT), 1);
    a.jump(Condition.NOT_EQUAL, records);
    a.bind(last);
    if (form.lastBlocks() > 0) {
      records(form.lastBlocks());
    }
    results();
    a.mov(FREE, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.add(FREE, Mem.at(ARGUMENTS, GenerationArguments.ROW_BYTES));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS), FREE);
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.ROWS), 1);
    a.jump(Condition.NOT_EQUAL, rows);
    Leaf.end(a);
    a.place(place, constants);
    return a.finish();
  }

  /** Where rows and records begin; all sums are zero. */
  private void begin() {
    a.mov(ROW[0], Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    for (int row = 1; row < form.rows(); row++) {
      a.mov(ROW[row], ROW[row - 1]);
      a.add(ROW[row], Mem.at(ARGUMENTS, GenerationArguments.APART_BYTES));
    }
    a.mov(FIRST, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATIONS));
    if (form.tokens() > 3) {
      a.lea(FOURTH, Mem.at(FIRST, STRIDE, 2, 0));
      a.add(FOURTH, STRIDE);
    }
    for (int row = 0; row < form.rows(); row++) {
      for (int token = 0; token < form.tokens(); token++) {
        Vec sum = sum(row, token);
        a.emit(VPXOR, sum, sum, sum);
      }
    }
  }

  /** A record of each row. */
  private void records(int blocks) {
    int ahead = AHEAD_BYTES / form.rows();
    for (int row = 0; row < form.rows(); row++) {
      for (int line = 0; line < layout.weightBytes(blocks); line += 64) {
        a.prefetch(Mem.at(ROW[row], ahead + line));
      }
      record(ROW[row], row, blocks);
      a.add(ROW[row], layout.weightBytes(blocks));
    }
    a.add(FIRST, layout.activationBytes());
    if (form.tokens() > 3) {
      a.add(FOURTH, layout.activationBytes());
    }
  }

  /** The lanes of each sum, added by halves. */
  private void results() {
    Gp first = FIRST; // has been read
    Gp to = FREE;
    a.mov(first, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    for (int row = 0; row < form.rows(); row++) {
      a.mov(to, first);
      for (int token = 0; token < form.tokens(); token++) {
        Vec sum = sum(row, token);
        Lanes.reduce(a, VADDPS, sum, new Vec(MOST_TOKENS + row, width));
        result(sum.x(), Mem.at(to));
        if (token + 1 < form.tokens()) {
          a.add(to, Mem.at(ARGUMENTS, GenerationArguments.RESULT_BYTES));
        }
      }
      if (row + 1 < form.rows()) {
        a.add(first, Mem.at(ARGUMENTS, GenerationArguments.RESULTS_APART_BYTES));
      }
    }
    a.mov(to, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    a.add(to, 4);
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.RESULTS), to);
  }
}
