package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VADDSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.List;

/**
 * The kernel for generated tokens where weights are floats: a part of some rows times one to eight
 * tokens, the weights read once. Each token has two sums of sixteen lanes, for every other sixteen
 * inputs, whatever the number of tokens; at the part's end they are added.
 */
final class FloatGeneration512 {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 8;

  /** Inputs of a part, of which four tokens' stay in the first-level cache. */
  static final int PART_INPUTS = 2048;

  /** Inputs of a step, for which {@link GenerationArguments#RECORDS} counts. */
  static final int STEP = 64;

  /** A bit for each input of a last step that is none. */
  static final int LAST = 72;

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

  private static final List<Mask> MASKS = List.of(Mask.K1, Mask.K2, Mask.K3, Mask.K4);

  /** What is done with inputs beyond the last whole step. */
  enum Rest {
    NONE,
    SOME
  }

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final FloatWeights weights;
  private final int tokens;
  private final Rest rest;

  private FloatGeneration512(FloatWeights weights, int tokens, Rest rest) {
    this.weights = weights;
    this.tokens = tokens;
    this.rest = rest;
  }

  /**
   * The code; its arguments are {@link GenerationArguments} and {@link #LAST}.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(FloatWeights weights, int tokens, Rest rest) {
    return new FloatGeneration512(weights, tokens, rest).write();
  }

  /** One of a token's two sums. */
  private static Vec sum(int token, int which) {
    return Vec.zmm(2 * token + which);
  }

  private static Vec sixteen(int which) {
    return Vec.zmm(16 + which);
  }

  private byte[] write() {
    Leaf.begin(a);
    if (rest == Rest.SOME) {
      a.mov(STEPS, Mem.at(ARGUMENTS, LAST));
      for (Mask mask : MASKS) {
        a.kmovw(mask, STEPS);
        a.shr(STEPS, 16);
      }
    }
    a.mov(STRIDE, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATION_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    var row = a.here();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.mov(AHEAD, Mem.at(ARGUMENTS, GenerationArguments.AHEAD_BYTES));
    a.add(AHEAD, WEIGHTS);
    a.mov(FIRST, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATIONS));
    a.lea(FOURTH, Mem.at(FIRST, STRIDES, 1, 0));
    for (int t = 0; t < tokens; t++) {
      a.emit(VPXOR, sum(t, 0), sum(t, 0), sum(t, 0));
      a.emit(VPXOR, sum(t, 1), sum(t, 1), sum(t, 1));
    }
    a.mov(STEPS, Mem.at(ARGUMENTS, GenerationArguments.RECORDS));
    var last = a.label();
    a.test(STEPS, STEPS);
    a.jump(Condition.EQUAL, last);
    var step = a.here();
    step();
    a.sub(STEPS, 1);
    a.jump(Condition.NOT_EQUAL, step);
    a.bind(last);
    if (rest == Rest.SOME) {
      rest();
    }
    results();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.add(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.ROW_BYTES));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS), WEIGHTS);
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.ROWS), 1);
    a.jump(Condition.NOT_EQUAL, row);
    Leaf.end(a);
    return a.finish();
  }

  private void step() {
    for (int line = 0; line < weights.bytes(STEP); line += 64) {
      a.prefetch(Mem.at(AHEAD, line));
    }
    for (int i = 0; i < MASKS.size(); i++) {
      weights.load(a, sixteen(i), Mem.at(WEIGHTS, weights.bytes(16 * i)));
      for (int t = 0; t < tokens; t++) {
        a.emit(VFMADD231PS, sum(t, i % 2), sixteen(i), activations(t, 64 * i));
      }
    }
    a.add(WEIGHTS, weights.bytes(STEP));
    a.add(AHEAD, weights.bytes(STEP));
    a.add(FIRST, 4 * STEP);
    a.add(FOURTH, 4 * STEP);
  }

  /** Inputs that there are none of are neither read nor added. */
  private void rest() {
    for (int i = 0; i < MASKS.size(); i++) {
      Mask mask = MASKS.get(i);
      weights.load(a, mask, sixteen(i), Mem.at(WEIGHTS, weights.bytes(16 * i)));
      for (int t = 0; t < tokens; t++) {
        a.emit(VFMADD231PS, mask, sum(t, i % 2), sixteen(i), activations(t, 64 * i));
      }
    }
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
      Avx512.reduce(a, VADDPS, sum, sixteen(0));
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
