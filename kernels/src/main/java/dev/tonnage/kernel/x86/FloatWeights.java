package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBW;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;

import dev.tonnage.kernel.Memory;
import dev.tonnage.tensor.DType;
import java.util.List;
import java.util.Locale;

/** Weights that are floats of one kind or other. */
enum FloatWeights {
  F32(VMOVUPS),
  F16(VCVTPH2PS),
  BF16(VPMOVZXWD),
  /** Whose scales stand elsewhere, and which are read 256 times too small. */
  E4M3(VPMOVSXBW);

  /** Of a half all but the highest bit of the exponent, which is the sign's copy. */
  static final int MASK = 0xbfff;

  /** Inputs of a row that {@link #copyPadded} fills up. */
  static final int PADDED = 16;

  /** What can be used without anything else. */
  static final List<FloatWeights> COMPLETE = List.of(F32, F16, BF16);

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

  /** As many weights as a vector has lanes, of those that are {@link #COMPLETE}. */
  void load(X86Assembler a, Vec to, Mem from) {
    load(a, to, from, to);
  }

  /**
   * As many weights as a vector has lanes.
   *
   * @param mask words of {@link #MASK}; nothing where they are {@link #COMPLETE}
   */
  void load(X86Assembler a, Vec to, Mem from, Vec mask) {
    switch (this) {
      case F32, F16 -> a.emit(load, to, from);
      case BF16 -> {
        a.emit(load, to, from);
        a.shift(VPSLLD, to, to, 16); // their upper halves are what was read
      }
      case E4M3 -> {
        // as halves they have the same fraction, and an exponent that is 8 too small
        Vec halves = to.half();
        a.emit(load, halves, from);
        a.shift(VPSLLW, halves, halves, 7);
        a.emit(VPAND, halves, halves, mask.half());
        a.emit(VCVTPH2PS, to, halves);
      }
    }
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
}
