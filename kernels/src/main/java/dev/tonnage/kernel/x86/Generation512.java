package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * {@link Generation} in vectors of 512 bits, which have the lanes of a record: a lane sums its
 * group of sixteen in integers, exactly, and then groups in floats.
 */
final class Generation512 extends Generation {

  private final Unpacker unpacker;

  private Generation512(Unpacker unpacker, Form form) {
    super(new X86Assembler(Vnni.EVEX), Width.ZMM, Layout.of(unpacker), form);
    this.unpacker = unpacker;
  }

  /** The code; its arguments are {@link GenerationArguments}. */
  static byte[] code(Unpacker unpacker, Form form) {
    return new Generation512(unpacker, form).write();
  }

  @Override
  byte[][] constants() {
    return unpacker.constants();
  }

  @Override
  void loadConstants(Label constants, int count) {
    Avx512.loadConstants(a, constants, count);
  }

  @Override
  void record(Gp at, int row, int blocks) {
    unpacker.unpack(a, at, blocks);
    for (int token = 0; token < form.tokens(); token++) {
      token(row, token);
    }
  }

  private void token(int row, int t) {
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
    a.emit(VFMADD231PS, sum(row, t), sum, Avx512.SCALES);
    if (unpacker.offset() instanceof Offset.Min) {
      a.emit(VFNMADD231PS, sum(row, t), Avx512.LESS, correction);
    }
  }
}
