package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
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

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link Generation} in vectors of 256 bits, which have the lanes of half a record: a lane sums its
 * group of sixteen in integers, exactly, and then groups in floats.
 */
final class Generation256 extends Generation {

  private final Unpacker256 unpacker;
  private final Products products;

  private Generation256(Unpacker256 unpacker, Products products, Form form) {
    super(new X86Assembler(Vnni.VEX), Width.YMM, Layout.of(unpacker), form);
    this.unpacker = unpacker;
    this.products = products;
  }

  /** The code; its arguments are {@link GenerationArguments}. */
  static byte[] code(Unpacker256 unpacker, Products products, Form form) {
    return new Generation256(unpacker, products, form).write();
  }

  @Override
  byte[][] constants() {
    return Avx2.constants(unpacker);
  }

  @Override
  void loadConstants(Label constants, int count) {
    a.lea(Avx2.CONSTANTS, constants);
    var rehearsal = new Generation256(unpacker, products, form);
    rehearsal.record(Gp.RAX, 0, 8);
    a.held.hold(rehearsal.a, Avx2.CONSTANTS, freeRegisters());
  }

  /** Those that no sum has. */
  private List<Vec> freeRegisters() {
    return IntStream.range(form.rows() * form.tokens(), MOST_TOKENS).mapToObj(Vec::ymm).toList();
  }

  @Override
  void record(Gp at, int row, int blocks) {
    for (int half = 0; 4 * half < blocks; half++) {
      unpacker.unpack(a, at, half, blocks);
      for (int token = 0; token < form.tokens(); token++) {
        token(row, token, 32 * half);
      }
    }
  }

  /**
   * A token's half of a record.
   *
   * @param at where it begins in each of the record's vectors
   */
  private void token(int row, int t, int at) {
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
    a.emit(VFMADD231PS, sum(row, t), sum, activations(t, ActivationRecord.SCALES + at));
    if (unpacker.offset() instanceof Offset.Min) {
      a.emit(VFNMADD231PS, sum(row, t), Avx2.LESS, correction);
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
}
