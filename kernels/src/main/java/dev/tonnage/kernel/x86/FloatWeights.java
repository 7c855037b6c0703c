package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;

import dev.tonnage.kernel.Memory;
import dev.tonnage.tensor.DType;
import java.util.Locale;

/** Weights that are floats of one kind or other. */
enum FloatWeights {
  F32(VMOVUPS),
  F16(VCVTPH2PS),
  BF16(VPMOVZXWD);

  /** Inputs of a row that {@link #copyPadded} fills up. */
  static final int PADDED = 16;

  private final Instruction load;

  FloatWeights(Instruction load) {
    this.load = load;
  }

  /** The type that tensors have. */
  DType type() {
    return DType.valueOf(name());
  }

  /** For names of code. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of so many weights. */
  int bytes(int weights) {
    return Math.toIntExact(type().bytes(weights));
  }

  /** As many weights as a vector has lanes. */
  void load(X86Assembler a, Vec to, Mem from) {
    a.emit(load, to, from);
    toFloats(a, to);
  }

  /**
   * Fewer than {@link #PADDED} weights of some rows, with zeros behind them to as many.
   *
   * @param from address of the first row's
   * @param rowBytes from a row to the next there
   * @param to where they go, one row after the other
   */
  void copyPadded(long from, long rowBytes, int rows, int inputs, long to) {
    Memory.ALL.asSlice(to, (long) rows * bytes(PADDED)).fill((byte) 0);
    for (int r = 0; r < rows; r++) {
      Memory.copy(from + r * rowBytes, to + (long) r * bytes(PADDED), bytes(inputs));
    }
  }

  private void toFloats(X86Assembler a, Vec weights) {
    switch (this) {
      case F32, F16 -> {} // they are
      case BF16 -> a.shift(VPSLLD, weights, weights, 16); // their upper halves are what was read
    }
  }
}
