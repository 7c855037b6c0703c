package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * {@link Generation} where weights are floats, in vectors of either width. Rows end between blocks
 * of {@link FloatWeights#PADDED}; what is behind them is added to the results later.
 */
final class FloatGenerationCode extends Generation {

  private final FloatWeights weights;

  /** Behind the sums and four vectors of weights. */
  private final Vec mask;

  private FloatGenerationCode(FloatWeights weights, Width width, Form form) {
    super(X86Assembler.of(width), width, layout(weights), form);
    this.weights = weights;
    this.mask = new Vec(MOST_TOKENS + 4, width);
  }

  private static Layout layout(FloatWeights weights) {
    return new Layout(
        ActivationRecord.INPUTS / FloatWeights.PADDED,
        blocks -> weights.bytes(FloatWeights.PADDED * blocks),
        4 * ActivationRecord.INPUTS);
  }

  /** The code; its arguments are {@link GenerationArguments}. */
  static byte[] code(FloatWeights weights, Width width, Form form) {
    return new FloatGenerationCode(weights, width, form).write();
  }

  @Override
  byte[][] constants() {
    return weights == FloatWeights.E4M3
        ? new byte[][] {Constants.words(_ -> FloatWeights.MASK)}
        : new byte[0][];
  }

  @Override
  void loadConstants(Label constants, int count) {
    if (count > 0) {
      a.lea(Gp.RDX, constants);
      a.emit(VMOVUPS, mask, Mem.at(Gp.RDX));
    }
  }

  @Override
  void record(Gp at, int row, int blocks) {
    int lanes = width.bytes() / 4;
    for (int i = 0; i < FloatWeights.PADDED * blocks / lanes; i++) {
      Vec some = new Vec(MOST_TOKENS + i % 4, width);
      weights.load(a, some, Mem.at(at, weights.bytes(lanes * i)), mask);
      for (int token = 0; token < form.tokens(); token++) {
        a.emit(VFMADD231PS, sum(row, token), some, activations(token, width.bytes() * i));
      }
    }
  }

  @Override
  void result(Vec result, Mem to) {
    a.emit(VADDSS, result, result, to);
    super.result(result, to);
  }
}
