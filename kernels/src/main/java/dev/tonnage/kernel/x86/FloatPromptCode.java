package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * The kernel for prompts where weights are floats: a tile of rows, two to a vector's lane, times
 * some tokens. A lane is a row and adds input after input; at the end the sums are added to the
 * results. In AVX-512, two lines of weights and twelve broadcasts of an activation feed 24
 * multiplications; in AVX2, which has half the registers, six feed twelve.
 */
final class FloatPromptCode {

  /** Rows of a tile at most. */
  static final int MOST_ROWS = 32;

  /** Tokens of a call at most, whatever the width. */
  static final int MOST_TOKENS = 12;

  /** Inputs of a step. */
  static final int STEP = 8;

  /** Address of the tile. */
  static final int TILE = 0;

  /** How many steps. */
  static final int STEPS = 8;

  /** How many more inputs. */
  static final int LAST = 16;

  /** Address of the first token's activations, floats. */
  static final int ACTIVATIONS = 24;

  /** Bytes from one token's activations to the next. */
  static final int ACTIVATION_BYTES = 32;

  /** Address of the first token's results, a float for each row, which are added to. */
  static final int RESULTS = 40;

  /** Bytes from one token's results to the next. */
  static final int RESULT_BYTES = 48;

  private static final Gp WEIGHTS = Gp.RAX;
  private static final Gp COUNT = Gp.RDX;

  /** The first token's activations, and every third one's after it. */
  private static final Gp[] THREES = {Gp.RSI, Gp.RCX, Gp.R10, Gp.R11};

  private static final Gp STRIDE = Gp.R8;
  private static final Gp RESULT = Gp.R9;

  private final X86Assembler a;
  private final int tokens;
  private final Width width;
  private final boolean wide;

  private FloatPromptCode(int tokens, Width width) {
    this.a = X86Assembler.of(width);
    this.tokens = tokens;
    this.width = width;
    this.wide = width == Width.ZMM;
  }

  /**
   * The code.
   *
   * @param tokens 1 to {@link #tokens(Width)}
   */
  static byte[] code(int tokens, Width width) {
    return new FloatPromptCode(tokens, width).write();
  }

  /** Tokens of a call at most. */
  static int tokens(Width width) {
    return width == Width.ZMM ? MOST_TOKENS : 6;
  }

  /** Rows of a tile. */
  static int rows(Width width) {
    return inputBytes(width) / 4;
  }

  /** Bytes of a tile for each input: a vector of the first rows' weights, then of the others'. */
  static int inputBytes(Width width) {
    return 2 * width.bytes();
  }

  /** The sum of a half's rows and a token. */
  private Vec sum(int half, int token) {
    return new Vec(tokens(width) * half + token, width);
  }

  private Vec weights(int half, int input) {
    return new Vec(wide ? 24 + 2 * (input % 2) + half : 12 + half, width);
  }

  private Vec activation(int token) {
    return new Vec(wide ? 28 + token % 4 : 14 + token % 2, width);
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(WEIGHTS, Mem.at(Gp.RDI, TILE));
    a.mov(STRIDE, Mem.at(Gp.RDI, ACTIVATION_BYTES));
    a.mov(THREES[0], Mem.at(Gp.RDI, ACTIVATIONS));
    for (int i = 1; i < THREES.length; i++) {
      a.lea(THREES[i], Mem.at(THREES[i - 1], STRIDE, 2, 0));
      a.add(THREES[i], STRIDE);
    }
    for (int t = 0; t < tokens; t++) {
      a.emit(VPXOR, sum(0, t), sum(0, t), sum(0, t));
      a.emit(VPXOR, sum(1, t), sum(1, t), sum(1, t));
    }
    loop(STEPS, STEP);
    loop(LAST, 1);
    results();
    Leaf.end(a);
    return a.finish();
  }

  /**
   * As often as an argument says.
   *
   * @param inputs how many inputs each time
   */
  private void loop(int argument, int inputs) {
    var end = a.label();
    a.mov(COUNT, Mem.at(Gp.RDI, argument));
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, end);
    var begin = a.here();
    for (int input = 0; input < inputs; input++) {
      input(input);
    }
    a.add(WEIGHTS, inputBytes(width) * inputs);
    for (Gp three : THREES) {
      a.add(three, 4 * inputs);
    }
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, begin);
    a.bind(end);
  }

  private void input(int input) {
    for (int half = 0; half < 2; half++) {
      a.emit(
          VMOVUPS,
          weights(half, input),
          Mem.at(WEIGHTS, inputBytes(width) * input + width.bytes() * half));
    }
    for (int t = 0; t < tokens; t++) {
      Gp three = THREES[t / 3];
      Mem activation =
          t % 3 == 0 ? Mem.at(three, 4 * input) : Mem.at(three, STRIDE, t % 3, 4 * input);
      a.emit(VBROADCASTSS, activation(t), activation);
      for (int half = 0; half < 2; half++) {
        a.emit(VFMADD231PS, sum(half, t), weights(half, input), activation(t));
      }
    }
  }

  private void results() {
    a.mov(RESULT, Mem.at(Gp.RDI, RESULTS));
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        a.emit(VADDPS, sum(half, t), sum(half, t), Mem.at(RESULT, width.bytes() * half));
        a.store(VMOVUPS_STORE, Mem.at(RESULT, width.bytes() * half), sum(half, t));
      }
      if (t + 1 < tokens) {
        a.add(RESULT, Mem.at(Gp.RDI, RESULT_BYTES));
      }
    }
  }
}
