package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPMULLD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;

/** A token's activations to {@link PromptBlock}s, each as {@link Quantise512} does. */
final class QuantiseBlocks512 {

  /** Address of the activations, whole lines of floats. */
  static final int INPUTS = 0;

  /** How many blocks there are, at least 1. */
  static final int BLOCKS = 8;

  /** Address of the first block. */
  static final int TO = 16;

  private static final Gp FROM = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp BLOCK = Gp.RDX;

  private static final Vec ONES = Avx512.constant(Quantise512.CONSTANTS);
  private static final Vec LESS_BIAS = Avx512.constant(Quantise512.CONSTANTS + 1);

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final Grouping grouping;
  private final Offset offset;

  private QuantiseBlocks512(Grouping grouping, Offset offset) {
    this.grouping = grouping;
    this.offset = offset;
  }

  /** The code, for weights that are grouped so and have such an offset. */
  static byte[] code(Grouping grouping, Offset offset) {
    return new QuantiseBlocks512(grouping, offset).write();
  }

  private byte[] write() {
    byte[][] values = constants();
    Leaf.begin(a);
    var constants = a.label();
    a.lea(BLOCK, constants);
    for (int i = 0; i < values.length; i++) {
      a.emit(VMOVUPS, Avx512.constant(i), Mem.at(BLOCK, 64 * i));
    }
    a.mov(FROM, Mem.at(Gp.RDI, INPUTS));
    a.mov(COUNT, Mem.at(Gp.RDI, BLOCKS));
    a.mov(BLOCK, Mem.at(Gp.RDI, TO));
    var block = a.here();
    Quantise512.block(a, FROM, 0, BLOCK, 0);
    a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.SCALE), Quantise512.SCALE);
    corrections();
    a.add(FROM, 128);
    a.add(BLOCK, PromptBlock.BYTES);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, block);
    Leaf.end(a);
    a.place(constants, values);
    return a.finish();
  }

  private byte[][] constants() {
    byte[][] constants = Arrays.copyOf(Quantise512.constants(), Quantise512.CONSTANTS + 2);
    constants[Quantise512.CONSTANTS] = Constants.bytes(_ -> 1);
    constants[Quantise512.CONSTANTS + 1] = Constants.ints(_ -> -offset.bias());
    return constants;
  }

  private void corrections() {
    Vec sums = Avx512.SUM;
    Vec other = Avx512.T1.x();
    a.emit(VPXOR, sums.y(), sums.y(), sums.y());
    a.emit(VPDPBUSD, sums.y(), ONES.y(), Mem.at(BLOCK)); // of four activations each
    a.store(VEXTRACTI128, other, sums.y(), 1);
    switch (grouping) {
      case OF_32 -> {
        a.emit(VPADDD, sums.x(), sums.x(), other);
        correction(sums.x(), 0);
      }
      case OF_16 -> {
        correction(sums.x(), 0);
        correction(other, 1);
      }
    }
  }

  /** Four integers are added and become a correction. */
  private void correction(Vec sums, int group) {
    Vec other = Avx512.T2.x();
    a.emit(VPSHUFD, other, sums, 0x4e);
    a.emit(VPADDD, sums, sums, other);
    a.emit(VPSHUFD, other, sums, 0xb1);
    a.emit(VPADDD, sums, sums, other);
    switch (offset) {
      case Offset.Bias _ -> a.emit(VPMULLD, sums, sums, LESS_BIAS.x());
      case Offset.Min() -> {
        a.emit(VCVTDQ2PS, sums, sums);
        a.emit(VMULPS, sums, sums, Quantise512.SCALE);
      }
    }
    a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.CORRECTIONS + 4 * group), sums);
  }
}
