package dev.tonnage.kernel.arm;

import static dev.tonnage.kernel.arm.Unpacker.CURSOR;
import static dev.tonnage.kernel.arm.Unpacker.LEFT;
import static dev.tonnage.kernel.arm.Unpacker.MINIMA;
import static dev.tonnage.kernel.arm.Unpacker.SCALES;

import dev.tonnage.kernel.arm.GeneralAssembler.Condition;
import dev.tonnage.kernel.asm.CodeBuffer.Label;

/**
 * Writes kernels for generated tokens: rows of weights times the {@link QuantizedActivations} of
 * one to eight tokens, each weight read once. It needs FEAT_DotProd.
 *
 * <p>A kernel is a function of one argument, the address of eight numbers of 64 bits: address of
 * the weights, bytes from a row to the next, rows, blocks of the format in a row, address of the
 * first token's activations, bytes from a token's to the next's, address of the results (floats, a
 * row's behind the other's), bytes from a token's results to the next's. It calls nobody, has no
 * stack, and uses only registers that its caller does not want back (x0-x17, v0-v7, v16-v31; x18
 * belongs to some systems).
 *
 * <p>The order of summation is the same for any number of tokens. Sums of products of bytes are
 * exact. There is one float for every fourth block of a row; to it each of these adds, in their
 * order, {@code (scale · d) · Σ q·q} and then, where there are minima, {@code −min · (d · Σq)},
 * each fused into the sum. The result is (0 + 1) + (2 + 3) of the four.
 */
final class DecodeKernel {

  /** Tokens that have room in the registers. */
  static final int MOST_TOKENS = 8;

  /** How far ahead weights are asked for, in bytes: what did best on x86-64, not measured here. */
  private static final int AHEAD = 4096;

  private static final int LINE = 64;

  private static final Gp ARGUMENTS = Gp.x(0);
  private static final Gp WEIGHTS = Gp.x(1);
  private static final Gp ROW_BYTES = Gp.x(2);
  private static final Gp ROWS = Gp.x(3);
  private static final Gp BLOCKS = Gp.x(4);
  private static final Gp ACTIVATIONS = Gp.x(5);
  private static final Gp TOKEN_BYTES = Gp.x(6);
  private static final Gp RESULTS = Gp.x(7);
  private static final Gp RESULT_BYTES = Gp.x(8);

  /** The first token's record of a group, and every token's in turn. */
  private static final Gp GROUP = Gp.x(11);

  private static final Gp TOKEN = Gp.x(12);

  /** Activations; also their scales and sums. */
  private static final Vec X = Vec.v(6, Shape.S4);

  private static final Vec Y = Vec.v(7, Shape.S4);

  private final A64Assembler a = new A64Assembler();
  private final Unpacker unpacker;
  private final int tokens;

  private DecodeKernel(Unpacker unpacker, int tokens) {
    this.unpacker = unpacker;
    this.tokens = tokens;
  }

  /** The code for a format and a number of tokens, 1 to {@link #MOST_TOKENS}. */
  static byte[] code(Unpacker unpacker, int tokens) {
    if (tokens < 1 || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException("a kernel for " + tokens + " tokens");
    }
    return new DecodeKernel(unpacker, tokens).code();
  }

  private byte[] code() {
    Label end = a.label();
    a.ldp(WEIGHTS, ROW_BYTES, Mem.at(ARGUMENTS));
    a.ldp(ROWS, BLOCKS, Mem.at(ARGUMENTS, 16));
    a.ldp(ACTIVATIONS, TOKEN_BYTES, Mem.at(ARGUMENTS, 32));
    a.ldp(RESULTS, RESULT_BYTES, Mem.at(ARGUMENTS, 48));
    a.cbz(ROWS, end);
    unpacker.begin(a);
    Label nextRow = a.here();
    row();
    a.add(WEIGHTS, WEIGHTS, ROW_BYTES);
    a.add(RESULTS, RESULTS, Float.BYTES);
    a.subs(ROWS, ROWS, 1);
    a.b(Condition.NOT_EQUAL, nextRow);
    a.bind(end);
    a.ret();
    return a.finish();
  }

  private void row() {
    for (int token = 0; token < tokens; token++) {
      a.movi(sum(token).as(Shape.B16), 0);
    }
    Label taken = a.label();
    a.mov(CURSOR, WEIGHTS);
    a.mov(LEFT, BLOCKS);
    a.mov(GROUP, ACTIVATIONS);
    a.cbz(LEFT, taken);
    Label next = a.here();
    for (int at = 0; at < unpacker.stepBytes(); at += LINE) {
      a.prefetch(Mem.at(CURSOR, AHEAD + at));
    }
    for (int group = 0; group < unpacker.groups(); group++) {
      unpacker.group(a, group);
      multiply();
    }
    a.cbnz(LEFT, next);
    a.bind(taken);
    store();
  }

  /** A group of weights times every token's activations. */
  private void multiply() {
    a.mov(TOKEN, GROUP);
    for (int token = 0; token < tokens; token++) {
      Vec dot = dots();
      a.ldp(X.as(Shape.Q), Y.as(Shape.Q), Mem.at(TOKEN, QuantizedActivations.SCALES));
      a.emit(Instruction.SCVTF, dot, dot);
      a.emit(Instruction.FMUL, X, X, SCALES);
      a.emit(Instruction.FMLA, sum(token), dot, X);
      if (unpacker.hasMinima()) {
        a.emit(Instruction.FMLS, sum(token), Y, MINIMA);
      }
      if (token + 1 < tokens) {
        a.add(TOKEN, TOKEN, TOKEN_BYTES);
      }
    }
    a.add(GROUP, GROUP, QuantizedActivations.BYTES);
  }

  /** The sums of products of four blocks, a lane each, for the token whose turn it is. */
  private Vec dots() {
    for (int block = 0; block < 4; block++) {
      a.movi(dot(block).as(Shape.B16), 0);
      a.ldp(X.as(Shape.Q), Y.as(Shape.Q), Mem.at(TOKEN, QuantizedActivations.BLOCK * block));
      a.emit(Instruction.SDOT, dot(block), Unpacker.bytes(2 * block), X.as(Shape.B16));
      a.emit(Instruction.SDOT, dot(block), Unpacker.bytes(2 * block + 1), Y.as(Shape.B16));
    }
    a.emit(Instruction.ADDP, dot(0), dot(0), dot(1));
    a.emit(Instruction.ADDP, dot(2), dot(2), dot(3));
    a.emit(Instruction.ADDP, dot(0), dot(0), dot(2));
    return dot(0);
  }

  private void store() {
    a.mov(TOKEN, RESULTS);
    for (int token = 0; token < tokens; token++) {
      Vec pairs = sum(token).as(Shape.S2);
      a.emit(Instruction.FADDP, sum(token), sum(token), sum(token));
      a.emit(Instruction.FADDP_SCALAR, sum(token).as(Shape.S), pairs);
      a.str(sum(token).as(Shape.S), Mem.at(TOKEN));
      a.add(TOKEN, TOKEN, RESULT_BYTES);
    }
  }

  private static Vec dot(int block) {
    return Vec.v(2 + block, Shape.S4);
  }

  private static Vec sum(int token) {
    return Vec.v(24 + token, Shape.S4);
  }
}
