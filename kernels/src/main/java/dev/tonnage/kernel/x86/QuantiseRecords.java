package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPEXTRD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/** A token's activations to {@link ActivationRecord}s, 32 by 32 as {@link Quantise} does. */
final class QuantiseRecords {

  /** Address of the activations, whole lines of floats. */
  static final int INPUTS = 0;

  /** How many whole records there are. */
  static final int RECORDS = 8;

  /** Address of the first record. */
  static final int TO = 16;

  private static final Gp FROM = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp RECORD = Gp.RDX;

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final int[] laneOf = new int[16];
  private final Offset offset;
  private final int lastBlocks;

  private QuantiseRecords(int[] groups, Offset offset, int lastBlocks) {
    for (int lane = 0; lane < 16; lane++) {
      laneOf[groups[lane]] = lane;
    }
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
    return new QuantiseRecords(groups, offset, lastBlocks).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    var constants = a.label();
    a.lea(RECORD, constants);
    Quantise.begin(a, RECORD);
    a.mov(FROM, Mem.at(Gp.RDI, INPUTS));
    a.mov(COUNT, Mem.at(Gp.RDI, RECORDS));
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
    a.place(constants, Quantise.constants(offset));
    return a.finish();
  }

  private void record(int blocks) {
    for (int block = 0; block < 8; block++) {
      if (block < blocks) {
        Quantise.block(a, FROM, 128 * block);
        Quantise.scaledCorrections(a, Grouping.OF_16, offset);
      } else {
        a.emit(VPXOR, Quantise.BYTES, Quantise.BYTES, Quantise.BYTES);
        a.emit(VPXOR, Quantise.SCALE, Quantise.SCALE, Quantise.SCALE);
        a.emit(VPXOR, Quantise.CORRECTIONS, Quantise.CORRECTIONS, Quantise.CORRECTIONS);
      }
      group(2 * block, Quantise.BYTES.x(), Quantise.CORRECTIONS.x());
      Vec upper = Quantise.FREE.x();
      a.store(VEXTRACTI128, upper, Quantise.BYTES, 1);
      a.store(VEXTRACTI128, Quantise.CORRECTIONS.x(), Quantise.CORRECTIONS, 1);
      group(2 * block + 1, upper, Quantise.CORRECTIONS.x());
    }
    a.add(FROM, 128 * blocks);
    a.add(RECORD, ActivationRecord.BYTES);
  }

  /** A group's bytes, scale and correction to its lane. */
  private void group(int group, Vec bytes, Vec correction) {
    int lane = 4 * laneOf[group];
    a.store(VMOVSS_STORE, Mem.at(RECORD, lane), bytes);
    for (int four = 1; four < 4; four++) {
      a.store(VPEXTRD, Mem.at(RECORD, 64 * four + lane), bytes, four);
    }
    a.store(VMOVSS_STORE, Mem.at(RECORD, ActivationRecord.SCALES + lane), Quantise.SCALE);
    a.store(VMOVSS_STORE, Mem.at(RECORD, ActivationRecord.CORRECTIONS + lane), correction);
  }
}
