package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;

import dev.tonnage.kernel.Memory;
import dev.tonnage.tensor.DType;
import java.util.Locale;
import java.util.Optional;

/** Weights that are floats of one kind or other. */
enum FloatWeights {
  F32(VMOVUPS),
  F16(VCVTPH2PS),
  BF16(VPMOVZXWD);

  private final Instruction load;

  FloatWeights(Instruction load) {
    this.load = load;
  }

  /** Those of a type; none where it is no float that there is code for. */
  static Optional<FloatWeights> of(DType type) {
    return switch (type) {
      case F32 -> Optional.of(F32);
      case F16 -> Optional.of(F16);
      case BF16 -> Optional.of(BF16);
      default -> Optional.empty();
    };
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
   * Fewer than sixteen weights of some rows, with zeros behind them to sixteen.
   *
   * @param from address of the first row's
   * @param rowBytes from a row to the next there
   * @param to where sixteen of each row go, one row after the other
   */
  void copyPadded(long from, long rowBytes, int rows, int inputs, long to) {
    Memory.ALL.asSlice(to, (long) rows * bytes(16)).fill((byte) 0);
    for (int r = 0; r < rows; r++) {
      Memory.copy(from + r * rowBytes, to + (long) r * bytes(16), bytes(inputs));
    }
  }

  private void toFloats(X86Assembler a, Vec weights) {
    switch (this) {
      case F32, F16 -> {} // they are
      case BF16 -> a.shift(VPSLLD, weights, weights, 16); // their upper halves are what was read
    }
  }
}
