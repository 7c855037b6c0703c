package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPERMD;
import static dev.tonnage.kernel.x86.Instruction.VPMULLD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;

/** A token's activations to {@link ActivationRecord}s, 32 by 32 as {@link Quantise512} does. */
final class QuantiseRecords512 {

  /** Address of the activations, whole lines of floats. */
  static final int INPUTS = 0;

  /** How many whole records there are. */
  static final int RECORDS = 8;

  /** Address of the first record. */
  static final int TO = 16;

  private static final Gp FROM = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp RECORD = Gp.RDX;

  private static final Vec ORDER = Avx512.constant(Quantise512.CONSTANTS);
  private static final Vec GROUPS = Avx512.constant(Quantise512.CONSTANTS + 1);
  private static final Vec ONES = Avx512.constant(Quantise512.CONSTANTS + 2);
  private static final Vec LESS_BIAS = Avx512.constant(Quantise512.CONSTANTS + 3);

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final int[] groups;
  private final Offset offset;
  private final int lastBlocks;

  private QuantiseRecords512(int[] groups, Offset offset, int lastBlocks) {
    this.groups = groups;
    this.offset = offset;
    this.lastBlocks = lastBlocks;
  }

  /**
   * The code.
   *
   * @param groups which group each lane has
   * @param offset what the weights have
   * @param lastBlocks how many times 32 activations are left at the end, 0 to 7
   */
  static byte[] code(int[] groups, Offset offset, int lastBlocks) {
    return new QuantiseRecords512(groups, offset, lastBlocks).write();
  }

  private byte[] write() {
    byte[][] values = constants();
    Leaf.begin(a);
    a.mov(FROM, Mem.at(Gp.RDI, INPUTS));
    a.mov(COUNT, Mem.at(Gp.RDI, RECORDS));
    var constants = a.label();
    a.lea(RECORD, constants);
    for (int i = 0; i < values.length; i++) {
      a.emit(VMOVUPS, Avx512.constant(i), Mem.at(RECORD, 64 * i));
    }
    a.mov(RECORD, Mem.at(Gp.RDI, TO));
    var last = a.label();
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, last);
    var record = a.here();
    record(8);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, record);
    a.bind(last);
    if (lastBlocks > 0) {
      record(lastBlocks);
    }
    Leaf.end(a);
    a.place(constants, values);
    return a.finish();
  }

  private byte[][] constants() {
    int[] transposed = Avx512.transposedGroups();
    int[] laneOf = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      laneOf[transposed[lane]] = lane;
    }
    byte[][] constants = Arrays.copyOf(Quantise512.constants(), Quantise512.CONSTANTS + 4);
    constants[Quantise512.CONSTANTS] = Constants.ints(lane -> laneOf[groups[lane]]);
    constants[Quantise512.CONSTANTS + 1] = Constants.ints(lane -> groups[lane]);
    constants[Quantise512.CONSTANTS + 2] = Constants.bytes(_ -> 1);
    constants[Quantise512.CONSTANTS + 3] = Constants.ints(_ -> -offset.bias());
    return constants;
  }

  private void record(int blocks) {
    for (int block = 0; block < 8; block++) {
      if (block < blocks) {
        block(block);
      } else {
        nothing(block);
      }
    }
    order();
    a.add(FROM, 128 * blocks);
    a.add(RECORD, ActivationRecord.BYTES);
  }

  /** Bytes in their own order, and their scale twice: each has two groups. */
  private void block(int block) {
    Quantise512.block(a, FROM, 128 * block, RECORD, 32 * block);
    int scales = ActivationRecord.SCALES + 8 * block;
    a.store(VMOVSS_STORE, Mem.at(RECORD, scales), Quantise512.SCALE);
    a.store(VMOVSS_STORE, Mem.at(RECORD, scales + 4), Quantise512.SCALE);
  }

  private void nothing(int block) {
    Vec zero = Avx512.T0.y();
    a.emit(VPXOR, zero, zero, zero);
    a.store(VMOVUPS_STORE, Mem.at(RECORD, 32 * block), zero);
    a.store(VMOVSS_STORE, Mem.at(RECORD, ActivationRecord.SCALES + 8 * block), zero.x());
    a.store(VMOVSS_STORE, Mem.at(RECORD, ActivationRecord.SCALES + 8 * block + 4), zero.x());
  }

  /** Bytes and scales to the lanes of their groups, and the sums. */
  private void order() {
    for (int u = 0; u < 4; u++) {
      a.emit(VMOVUPS, Avx512.WEIGHTS.get(u), Mem.at(RECORD, 64 * u));
    }
    Avx512.transpose(a);
    Vec sum = Avx512.SUM;
    Vec scales = Avx512.SCALES;
    a.emit(VPXOR, sum, sum, sum);
    for (int u = 0; u < 4; u++) {
      Vec bytes = Avx512.WEIGHTS.get(u);
      a.emit(VPERMD, bytes, ORDER, bytes);
      a.emit(VPDPBUSD, sum, ONES, bytes);
      a.store(VMOVUPS_STORE, Mem.at(RECORD, 64 * u), bytes);
    }
    a.emit(VMOVUPS, scales, Mem.at(RECORD, ActivationRecord.SCALES));
    a.emit(VPERMD, scales, GROUPS, scales);
    a.store(VMOVUPS_STORE, Mem.at(RECORD, ActivationRecord.SCALES), scales);
    switch (offset) {
      case Offset.Bias _ -> a.emit(VPMULLD, sum, sum, LESS_BIAS);
      case Offset.Min() -> {
        a.emit(VCVTDQ2PS, sum, sum);
        a.emit(VMULPS, sum, sum, scales);
      }
    }
    a.store(VMOVUPS_STORE, Mem.at(RECORD, ActivationRecord.CORRECTIONS), sum);
  }
}
