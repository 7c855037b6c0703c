package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * The kernel for prompts where weights are floats: a tile of 32 rows times one to twelve tokens. A
 * lane is a row and adds input after input; at the end the sums are added to the results. Two lines
 * of weights and twelve broadcasts of an activation feed 24 multiplications.
 */
final class FloatPrompt512 {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 12;

  /** Rows of a tile. */
  static final int ROWS = 32;

  /** Bytes of a tile for each input: the weights of rows 0-15, then of rows 16-31. */
  static final int INPUT_BYTES = 128;

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

  /** Address of the first token's results, 32 floats, which are added to. */
  static final int RESULTS = 40;

  /** Bytes from one token's results to the next. */
  static final int RESULT_BYTES = 48;

  private static final Gp WEIGHTS = Gp.RAX;
  private static final Gp COUNT = Gp.RDX;

  /** The first token's activations, and every third one's after it. */
  private static final Gp[] THREES = {Gp.RSI, Gp.RCX, Gp.R10, Gp.R11};

  private static final Gp STRIDE = Gp.R8;
  private static final Gp RESULT = Gp.R9;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final int tokens;

  private FloatPrompt512(int tokens) {
    this.tokens = tokens;
  }

  /**
   * The code.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(int tokens) {
    return new FloatPrompt512(tokens).write();
  }

  /** The sum of a half's rows and a token. */
  private static Vec sum(int half, int token) {
    return Vec.zmm(MOST_TOKENS * half + token);
  }

  private static Vec weights(int half, int input) {
    return Vec.zmm(24 + 2 * (input % 2) + half);
  }

  private static Vec activation(int token) {
    return Vec.zmm(28 + token % 4);
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
    a.add(WEIGHTS, INPUT_BYTES * inputs);
    for (Gp three : THREES) {
      a.add(three, 4 * inputs);
    }
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, begin);
    a.bind(end);
  }

  private void input(int input) {
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half, input), Mem.at(WEIGHTS, INPUT_BYTES * input + 64 * half));
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
        a.emit(VADDPS, sum(half, t), sum(half, t), Mem.at(RESULT, 64 * half));
        a.store(VMOVUPS_STORE, Mem.at(RESULT, 64 * half), sum(half, t));
      }
      if (t + 1 < tokens) {
        a.add(RESULT, Mem.at(Gp.RDI, RESULT_BYTES));
      }
    }
  }
}
