package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VADDSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * The kernel for generated tokens where weights are floats: a part of some rows times some tokens,
 * the weights read once. Each token has two sums, for every other vector of inputs, whatever the
 * number of tokens; at the part's end they are added.
 */
final class FloatGenerationCode {

  /** Inputs of a part, of which four tokens' stay in the first-level cache. */
  static final int PART_INPUTS = 2048;

  /** Inputs of a step, for which {@link GenerationArguments#RECORDS} counts. */
  static final int STEP = 64;

  /** Inputs of a short step, of which there are 0 to 3 at the end. */
  static final int SHORT_STEP = FloatWeights.PADDED;

  /** How many of them. */
  static final int LAST = 72;

  /** How far ahead memory is asked for weights, in bytes: some rows. */
  static final int AHEAD_BYTES = 80;

  /** How far ahead it must be at least for memory to give all it can. */
  static final long LEAST_AHEAD_BYTES = 4096;

  private static final Gp WEIGHTS = Gp.RAX;
  private static final Gp STEPS = Gp.RDX;

  /** The first token's activations, and the fourth's. */
  private static final Gp FIRST = Gp.RSI;

  private static final Gp FOURTH = Gp.RCX;

  /** Bytes from one token's activations to the next, and to that after two more. */
  private static final Gp STRIDE = Gp.R8;

  private static final Gp STRIDES = Gp.R11;

  /** Where weights are asked for. */
  private static final Gp AHEAD = Gp.R10;

  private static final Gp ARGUMENTS = Gp.RDI;

  private final X86Assembler a;
  private final FloatWeights weights;
  private final int tokens;
  private final Width width;

  private FloatGenerationCode(FloatWeights weights, int tokens, Width width) {
    this.a = X86Assembler.of(width);
    this.weights = weights;
    this.tokens = tokens;
    this.width = width;
  }

  /**
   * The code; its arguments are {@link GenerationArguments}, {@link #LAST} and {@link
   * #AHEAD_BYTES}.
   *
   * @param tokens 1 to {@link #tokens(Width)}
   */
  static byte[] code(FloatWeights weights, int tokens, Width width) {
    return new FloatGenerationCode(weights, tokens, width).write();
  }

  /** Tokens of a call at most, as there are registers for their sums. */
  static int tokens(Width width) {
    return width == Width.ZMM ? 8 : 6;
  }

  /** One of a token's two sums. */
  private Vec sum(int token, int which) {
    return new Vec(2 * token + which, width);
  }

  /** A register that is none of a sum's. */
  private Vec free(int which) {
    return new Vec(2 * tokens(width) + which % 4, width);
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(STRIDE, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATION_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    var row = a.here();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.mov(AHEAD, Mem.at(ARGUMENTS, AHEAD_BYTES));
    a.add(AHEAD, WEIGHTS);
    a.mov(FIRST, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATIONS));
    a.lea(FOURTH, Mem.at(FIRST, STRIDES, 1, 0));
    for (int t = 0; t < tokens; t++) {
      a.emit(VPXOR, sum(t, 0), sum(t, 0), sum(t, 0));
      a.emit(VPXOR, sum(t, 1), sum(t, 1), sum(t, 1));
    }
    steps(GenerationArguments.RECORDS, STEP);
    steps(LAST, SHORT_STEP);
    results();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.add(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.ROW_BYTES));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS), WEIGHTS);
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.ROWS), 1);
    a.jump(Condition.NOT_EQUAL, row);
    Leaf.end(a);
    return a.finish();
  }

  /**
   * As often as an argument says.
   *
   * @param inputs how many inputs each time
   */
  private void steps(int argument, int inputs) {
    var end = a.label();
    a.mov(STEPS, Mem.at(ARGUMENTS, argument));
    a.test(STEPS, STEPS);
    a.jump(Condition.EQUAL, end);
    var step = a.here();
    for (int line = 0; line < weights.bytes(inputs); line += 64) {
      a.prefetch(Mem.at(AHEAD, line));
    }
    int lanes = width.bytes() / 4;
    for (int i = 0; i < inputs / lanes; i++) {
      weights.load(a, free(i), Mem.at(WEIGHTS, weights.bytes(lanes * i)));
      for (int t = 0; t < tokens; t++) {
        a.emit(VFMADD231PS, sum(t, i % 2), free(i), activations(t, width.bytes() * i));
      }
    }
    a.add(WEIGHTS, weights.bytes(inputs));
    a.add(AHEAD, weights.bytes(inputs));
    a.add(FIRST, 4 * inputs);
    a.add(FOURTH, 4 * inputs);
    a.sub(STEPS, 1);
    a.jump(Condition.NOT_EQUAL, step);
    a.bind(end);
  }

  /** Somewhere in a token's activations. */
  private Mem activations(int token, int offset) {
    return Mem.ofEight(token, FIRST, FOURTH, STRIDE, STRIDES, offset);
  }

  /** The lanes of each sum, and to the next row. */
  private void results() {
    Gp to = STEPS;
    a.mov(to, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    for (int t = 0; t < tokens; t++) {
      Vec sum = sum(t, 0);
      a.emit(VADDPS, sum, sum, sum(t, 1));
      Lanes.reduce(a, VADDPS, sum, free(0));
      a.emit(VADDSS, sum.x(), sum.x(), Mem.at(to));
      a.store(VMOVSS_STORE, Mem.at(to), sum.x());
      if (t + 1 < tokens) {
        a.add(to, Mem.at(ARGUMENTS, GenerationArguments.RESULT_BYTES));
      }
    }
    a.mov(to, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    a.add(to, 4);
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.RESULTS), to);
  }
}
