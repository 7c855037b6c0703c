package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPABSB;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPADDW;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPMADDUBSW;
import static dev.tonnage.kernel.x86.Instruction.VPMADDWD;
import static dev.tonnage.kernel.x86.Instruction.VPSIGNB;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * The skeleton of kernels for generated tokens in vectors of 256 bits: as {@link Generation512},
 * but a vector has the lanes of half a record.
 */
final class Generation256 {

  private static final Gp WEIGHTS = Gp.RAX;

  /** The first token's record, and the fourth's. */
  private static final Gp FIRST = Gp.RSI;

  private static final Gp FOURTH = Gp.RCX;

  /** Bytes from one token's records to the next, and to that after two more. */
  private static final Gp STRIDE = Gp.R8;

  private static final Gp STRIDES = Gp.R11;

  /** Where weights are asked for. */
  private static final Gp AHEAD = Gp.R10;

  private static final Gp FREE = Avx2.FREE;
  private static final Gp ARGUMENTS = Gp.RDI;

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final Unpacker256 unpacker;
  private final Products products;
  private final int tokens;
  private final int lastBlocks;

  private Generation256(Unpacker256 unpacker, Products products, int tokens, int lastBlocks) {
    this.unpacker = unpacker;
    this.products = products;
    this.tokens = tokens;
    this.lastBlocks = lastBlocks;
  }

  /**
   * The code; its arguments are {@link GenerationArguments}.
   *
   * @param tokens 1 to {@link GenerationMatrix#MOST_TOKENS}
   * @param lastBlocks how many times 32 weights are left at the end of a row, 0 to 7
   */
  static byte[] code(Unpacker256 unpacker, Products products, int tokens, int lastBlocks) {
    return new Generation256(unpacker, products, tokens, lastBlocks).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(STRIDE, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATION_BYTES));
    a.lea(STRIDES, Mem.at(STRIDE, STRIDE, 2, 0));
    var constants = a.label();
    a.lea(Avx2.CONSTANTS, constants);
    var row = a.here();
    a.mov(WEIGHTS, Mem.at(ARGUMENTS, GenerationArguments.WEIGHTS));
    a.mov(AHEAD, Mem.at(ARGUMENTS, GenerationArguments.AHEAD_BYTES));
    a.add(AHEAD, WEIGHTS);
    a.mov(FIRST, Mem.at(ARGUMENTS, GenerationArguments.ACTIVATIONS));
    a.lea(FOURTH, Mem.at(FIRST, STRIDES, 1, 0));
    for (int t = 0; t < tokens; t++) {
      Vec sum = Avx2.accumulator(t);
      a.emit(VPXOR, sum, sum, sum);
    }
    a.mov(FREE, Mem.at(ARGUMENTS, GenerationArguments.RECORDS));
    a.mov(Mem.at(ARGUMENTS, GenerationArguments.RECORDS_LEFT), FREE);
    var last = a.label();
    a.test(FREE, FREE);
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
    a.place(constants, Avx2.constants(unpacker));
    return a.finish();
  }

  private void record(int blocks) {
    for (int half = 0; 4 * half < blocks; half++) {
      unpacker.unpack(a, WEIGHTS, half, blocks);
      for (int t = 0; t < tokens; t++) {
        token(t, 32 * half);
      }
    }
    a.add(WEIGHTS, unpacker.bytes(blocks));
    a.add(AHEAD, unpacker.bytes(blocks));
    a.add(FIRST, ActivationRecord.BYTES);
    a.add(FOURTH, ActivationRecord.BYTES);
  }

  /**
   * A token's half of a record.
   *
   * @param at where it begins in each of the record's vectors
   */
  private void token(int t, int at) {
    Vec sum = Avx2.SUM;
    Mem correction = activations(t, ActivationRecord.CORRECTIONS + at);
    switch (products) {
      case FOURS -> fours(t, at);
      case PAIRS -> {
        if (unpacker.isSigned()) {
          signedPairs(t, at);
        } else {
          pairs(t, at);
        }
      }
    }
    a.emit(VCVTDQ2PS, sum, sum);
    a.emit(VMULPS, sum, sum, Avx2.SCALES);
    a.emit(VFMADD231PS, Avx2.accumulator(t), sum, activations(t, ActivationRecord.SCALES + at));
    if (unpacker.offset() instanceof Offset.Min) {
      a.emit(VFNMADD231PS, Avx2.accumulator(t), Avx2.LESS, correction);
    }
  }

  private void fours(int t, int at) {
    Vec sum = Avx2.SUM;
    switch (unpacker.offset()) {
      case Offset.Bias _ -> a.emit(VMOVUPS, sum, activations(t, ActivationRecord.CORRECTIONS + at));
      case Offset.Min() -> a.emit(VPXOR, sum, sum, sum);
    }
    for (int u = 0; u < 4; u++) {
      a.emit(VPDPBUSD, sum, Avx2.WEIGHTS.get(u), activations(t, 64 * u + at));
    }
  }

  /** As many vectors as fit are summed in 16 bits. */
  private void pairs(int t, int at) {
    Vec sum = Avx2.SUM;
    int together = Integer.highestOneBit(Math.min(4, Products.sumsIn16Bits(unpacker.most())));
    for (int u = 0; u < 4; u += together) {
      Vec some = u == 0 ? sum : Avx2.PRODUCTS;
      Vec next = u == 0 ? Avx2.PRODUCTS : biased();
      a.emit(VPMADDUBSW, some, Avx2.WEIGHTS.get(u), activations(t, 64 * u + at));
      for (int v = u + 1; v < u + together; v++) {
        a.emit(VPMADDUBSW, next, Avx2.WEIGHTS.get(v), activations(t, 64 * v + at));
        a.emit(VPADDW, some, some, next);
      }
      a.emit(VPMADDWD, some, some, Avx2.ones());
      if (u > 0) {
        a.emit(VPADDD, sum, sum, some);
      }
    }
    if (unpacker.offset() instanceof Offset.Bias) {
      a.emit(VPADDD, sum, sum, activations(t, ActivationRecord.CORRECTIONS + at));
    }
  }

  /** Magnitudes of weights times activations that have taken the weights' signs. */
  private void signedPairs(int t, int at) {
    Vec magnitude = biased();
    for (int u = 0; u < 4; u++) {
      Vec w = Avx2.WEIGHTS.get(u);
      Vec some = Avx2.PRODUCTS;
      a.emit(VPABSB, magnitude, w);
      a.emit(VMOVUPS, some, activations(t, 64 * u + at));
      a.emit(VPSIGNB, some, some, w);
      a.emit(VPMADDUBSW, some, magnitude, some);
      a.emit(VPMADDWD, u == 0 ? Avx2.SUM : some, some, Avx2.ones());
      if (u > 0) {
        a.emit(VPADDD, Avx2.SUM, Avx2.SUM, some);
      }
    }
  }

  /** A register that weights without minima leave free. */
  private Vec biased() {
    return switch (unpacker.offset()) {
      case Offset.Bias _ -> Avx2.LESS;
      case Offset.Min() ->
          throw new IllegalArgumentException(unpacker.name() + " has minima and large bytes");
    };
  }

  /** Somewhere in a token's record. */
  private Mem activations(int token, int offset) {
    return Mem.ofEight(token, FIRST, FOURTH, STRIDE, STRIDES, offset);
  }

  /** The lanes of each sum, added by halves, and to the next row. */
  private void results() {
    Gp to = FREE;
    a.mov(to, Mem.at(ARGUMENTS, GenerationArguments.RESULTS));
    for (int t = 0; t < tokens; t++) {
      Vec sum = Avx2.accumulator(t);
      Lanes.reduce(a, VADDPS, sum, Avx2.T0);
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
