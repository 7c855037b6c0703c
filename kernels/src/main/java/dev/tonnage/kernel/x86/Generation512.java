package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * The skeleton of kernels for generated tokens: some rows of weights times one to eight tokens, the
 * weights read once. A lane sums its group of sixteen in integers, exactly; then groups are summed
 * in floats, in the order of the row, and at its end the lanes. That order is the same for any
 * number of tokens.
 */
final class Generation512 {

  private static final Gp WEIGHTS = Gp.RAX;

  /** The first token's record, and the fourth's. */
  private static final Gp FIRST = Gp.RSI;

  private static final Gp FOURTH = Gp.RCX;

  /** Bytes from one token's records to the next, and to that after two more. */
  private static final Gp STRIDE = Gp.R8;

  private static final Gp STRIDES = Gp.R11;

  /** Where weights are asked for. */
  private static final Gp AHEAD = Gp.R10;

  private static final Gp ARGUMENTS = Gp.RDI;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final Unpacker unpacker;
  private final int tokens;
  private final int lastBlocks;

  private Generation512(Unpacker unpacker, int tokens, int lastBlocks) {
    this.unpacker = unpacker;
    this.tokens = tokens;
    this.lastBlocks = lastBlocks;
  }

  /**
   * The code; its arguments are {@link GenerationArguments}.
   *
   * @param tokens 1 to {@link GenerationMatrix#MOST_TOKENS}
   * @param lastBlocks how many times 32 weights are left at the end of a row, 0 to 7
   */
  static byte[] code(Unpacker unpacker, int tokens, int lastBlocks) {
    return new Generation512(unpacker, tokens, lastBlocks).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(STRIDE, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATION_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    var constants = a.label();
    byte[][] values = unpacker.constants();
    Avx512.loadConstants(a, constants, values.length);
    var row = a.here();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.mov(AHEAD, Mem.at(ARGUMENTS, GenerationArguments.AHEAD_BYTES));
    a.add(AHEAD, WEIGHTS);
    a.mov(FIRST, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATIONS));
    a.lea(FOURTH, Mem.at(FIRST, STRIDES, 1, 0));
    for (int t = 0; t < tokens; t++) {
      Vec sum = Avx512.accumulator(t);
      a.emit(VPXOR, sum, sum, sum);
    }
    Gp records = Avx512.FREE;
    a.mov(records, Mem.at(ARGUMENTS, GenerationArguments.RECORDS));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.RECORDS_LEFT), records);
    var last = a.label();
    a.test(records, records);
    a.jump(Condition.EQUAL, last);
    var record = a.here();
    for (int line = 0; line < unpacker.bytes(); line += 64) {
      a.prefetch(Mem.at(AHEAD, line));
    }
    record(8);
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.RECORDS_LEFT), 1);
    a.jump(Condition.NOT_EQUAL, record);
    a.bind(last);
    if (lastBlocks > 0) {
      record(lastBlocks);
    }
    results();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.add(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.ROW_BYTES));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS), WEIGHTS);
    a.sub(Mem.at(ARGUMENTS, GenerationArguments.ROWS), 1);
    a.jump(Condition.NOT_EQUAL, row);
    Leaf.end(a);
    a.place(constants, values);
    return a.finish();
  }

  private void record(int blocks) {
    unpacker.unpack(a, WEIGHTS, blocks);
    for (int t = 0; t < tokens; t++) {
      token(t);
    }
    a.add(WEIGHTS, unpacker.bytes(blocks));
    a.add(AHEAD, unpacker.bytes(blocks));
    a.add(FIRST, ActivationRecord.BYTES);
    a.add(FOURTH, ActivationRecord.BYTES);
  }

  private void token(int t) {
    Vec sum = Avx512.SUM;
    Mem correction = activations(t, ActivationRecord.CORRECTIONS);
    switch (unpacker.offset()) {
      case Offset.Bias _ -> a.emit(VMOVUPS, sum, correction);
      case Offset.Min() -> a.emit(VPXOR, sum, sum, sum);
    }
    for (int u = 0; u < 4; u++) {
      a.emit(VPDPBUSD, sum, Avx512.WEIGHTS.get(u), activations(t, 64 * u));
    }
    a.emit(VCVTDQ2PS, sum, sum);
    // the weights' scales last: they may be so small that their product with others is inexact
    a.emit(VMULPS, sum, sum, activations(t, ActivationRecord.SCALES));
    a.emit(VFMADD231PS, Avx512.accumulator(t), sum, Avx512.SCALES);
    if (unpacker.offset() instanceof Offset.Min) {
      a.emit(VFNMADD231PS, Avx512.accumulator(t), Avx512.LESS, correction);
    }
  }

  /** Somewhere in a token's record. */
  private Mem activations(int token, int offset) {
    return Mem.ofEight(token, FIRST, FOURTH, STRIDE, STRIDES, offset);
  }

  /** The lanes of each sum, added by halves, and to the next row. */
  private void results() {
    Gp to = Avx512.FREE;
    a.mov(to, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    for (int t = 0; t < tokens; t++) {
      Vec sum = Avx512.accumulator(t);
      Vec other = Avx512.T0;
      Lanes.reduce(a, VADDPS, sum, other);
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
