package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;
import java.util.Arrays;

/** States of queries learn what others of the same queries know of later tokens. */
final class MergeAttention {

  /** Address of the first state that learns. */
  static final int STATES = 0;

  /** Address of the first of the others. */
  static final int OTHERS = 8;

  /** How many, at least 1. */
  static final int COUNT = 16;

  private static final Gp STATE = Gp.RAX;
  private static final Gp OTHER = Gp.RCX;
  private static final Gp LEFT = Gp.RDX;
  private static final Gp VECTORS = Gp.RSI;

  /** For the wider vectors, whose constants are in registers. */
  private static final Vec ONE = Vec.zmm(16 + Exponential512.CONSTANTS);

  private static final Gp CONSTANTS = Gp.R10;

  private MergeAttention() {}

  /**
   * The code.
   *
   * @param lines of sixteen values
   */
  static byte[] code(int lines, Width width) {
    boolean wide = width == Width.ZMM;
    var a = X86Assembler.of(width);
    Vec own = new Vec(0, width);
    Vec othersOwn = new Vec(1, width);
    Vec greatest = new Vec(2, width);
    Vec mixed = new Vec(5, width);
    Leaf.begin(a);
    var constants = a.label();
    a.lea(CONSTANTS, constants);
    for (int i = 0; wide && i <= Exponential512.CONSTANTS; i++) {
      a.emit(VMOVUPS, Vec.zmm(16 + i), Mem.at(CONSTANTS, 64 * i));
    }
    a.mov(STATE, Mem.at(Gp.RDI, STATES));
    a.mov(OTHER, Mem.at(Gp.RDI, OTHERS));
    a.mov(LEFT, Mem.at(Gp.RDI, COUNT));
    var query = a.here();
    a.emit(VBROADCASTSS, own, Mem.at(STATE, AttentionState.GREATEST));
    a.emit(VBROADCASTSS, othersOwn, Mem.at(OTHER, AttentionState.GREATEST));
    a.emit(VMAXPS, greatest, own, othersOwn);
    a.store(VMOVSS_STORE, Mem.at(STATE, AttentionState.GREATEST), greatest.x());
    a.emit(VSUBPS, own, own, greatest);
    a.emit(VSUBPS, othersOwn, othersOwn, greatest);
    if (wide) {
      var exponential = new Exponential512(a, 16);
      exponential.emit(own, Vec.zmm(3), Vec.zmm(4), ONE);
      exponential.emit(othersOwn, Vec.zmm(3), Vec.zmm(4), ONE);
    } else {
      var exponential = new Exponential256(a, CONSTANTS);
      exponential.emit(own, Vec.ymm(3), Vec.ymm(4), Vec.ymm(5));
      exponential.emit(othersOwn, Vec.ymm(3), Vec.ymm(4), Vec.ymm(5));
    }
    a.add(STATE, AttentionState.SUMS); // sums and mix follow each other
    a.add(OTHER, AttentionState.SUMS);
    a.movd(VECTORS, 64 / width.bytes() * (lines + 1));
    var vector = a.here();
    a.emit(VMULPS, mixed, own, Mem.at(STATE));
    a.emit(VFMADD231PS, mixed, othersOwn, Mem.at(OTHER));
    a.store(VMOVUPS_STORE, Mem.at(STATE), mixed);
    a.add(STATE, width.bytes());
    a.add(OTHER, width.bytes());
    a.sub(VECTORS, 1);
    a.jump(Condition.NOT_EQUAL, vector);
    a.sub(LEFT, 1);
    a.jump(Condition.NOT_EQUAL, query);
    Leaf.end(a);
    if (wide) {
      byte[][] values = Arrays.copyOf(Exponential512.constants(), Exponential512.CONSTANTS + 1);
      values[Exponential512.CONSTANTS] = Constants.floats(1);
      a.place(constants, values);
    } else {
      a.place(constants, Exponential256.constants());
    }
    return a.finish();
  }
}
