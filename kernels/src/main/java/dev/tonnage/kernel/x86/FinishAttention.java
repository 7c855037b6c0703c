package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/** The mixes of queries, divided by their sums of weights, to where results belong. */
final class FinishAttention {

  /** Address of the first state. */
  static final int STATES = 0;

  /** How many, at least 1. */
  static final int COUNT = 8;

  /** Address of the first result; others follow. */
  static final int TO = 16;

  private static final Gp STATE = Gp.RAX;
  private static final Gp LEFT = Gp.RCX;
  private static final Gp TO_AT = Gp.RDX;

  private FinishAttention() {}

  /**
   * The code.
   *
   * @param lines of sixteen values
   */
  static byte[] code(int lines, Width width) {
    var a = X86Assembler.of(width);
    Vec sum = new Vec(0, width);
    Vec other = new Vec(1, width);
    Leaf.begin(a);
    a.mov(STATE, Mem.at(Gp.RDI, STATES));
    a.mov(LEFT, Mem.at(Gp.RDI, COUNT));
    a.mov(TO_AT, Mem.at(Gp.RDI, TO));
    var query = a.here();
    a.emit(VMOVUPS, sum, Mem.at(STATE, AttentionState.SUMS));
    if (width == Width.YMM) {
      a.emit(VADDPS, sum, sum, Mem.at(STATE, AttentionState.SUMS + 32));
    }
    Lanes.reduce(a, VADDPS, sum, other);
    a.emit(VBROADCASTSS, sum, sum.x());
    for (int at = 0; at < 64 * lines; at += width.bytes()) {
      a.emit(VMOVUPS, other, Mem.at(STATE, AttentionState.MIX + at));
      a.emit(VDIVPS, other, other, sum);
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, at), other);
    }
    a.add(STATE, AttentionState.MIX + 64 * lines);
    a.add(TO_AT, 64 * lines);
    a.sub(LEFT, 1);
    a.jump(Condition.NOT_EQUAL, query);
    Leaf.end(a);
    return a.finish();
  }
}
