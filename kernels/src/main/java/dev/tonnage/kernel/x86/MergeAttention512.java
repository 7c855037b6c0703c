package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;

/** States of queries learn what others of the same queries know of later tokens. */
final class MergeAttention512 {

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

  private static final Vec OWN = Vec.zmm(0);
  private static final Vec OTHERS_OWN = Vec.zmm(1);
  private static final Vec GREATEST = Vec.zmm(2);
  private static final Vec ONE = Vec.zmm(16 + Exponential512.CONSTANTS);

  private MergeAttention512() {}

  /**
   * The code.
   *
   * @param vectors of sixteen values
   */
  static byte[] code(int vectors) {
    var a = new X86Assembler(Vnni.EVEX);
    Leaf.begin(a);
    var constants = a.label();
    a.lea(STATE, constants);
    for (int i = 0; i <= Exponential512.CONSTANTS; i++) {
      a.emit(VMOVUPS, Vec.zmm(16 + i), Mem.at(STATE, 64 * i));
    }
    a.mov(STATE, Mem.at(Gp.RDI, STATES));
    a.mov(OTHER, Mem.at(Gp.RDI, OTHERS));
    a.mov(LEFT, Mem.at(Gp.RDI, COUNT));
    var exponential = new Exponential512(a, 16);
    var query = a.here();
    a.emit(VBROADCASTSS, OWN, Mem.at(STATE, AttentionState.GREATEST));
    a.emit(VBROADCASTSS, OTHERS_OWN, Mem.at(OTHER, AttentionState.GREATEST));
    a.emit(VMAXPS, GREATEST, OWN, OTHERS_OWN);
    a.store(VMOVSS_STORE, Mem.at(STATE, AttentionState.GREATEST), GREATEST.x());
    a.emit(VSUBPS, OWN, OWN, GREATEST);
    a.emit(VSUBPS, OTHERS_OWN, OTHERS_OWN, GREATEST);
    exponential.emit(OWN, Vec.zmm(3), Vec.zmm(4), ONE);
    exponential.emit(OTHERS_OWN, Vec.zmm(3), Vec.zmm(4), ONE);
    a.add(STATE, AttentionState.SUMS); // sums and mix follow each other
    a.add(OTHER, AttentionState.SUMS);
    a.movd(VECTORS, vectors + 1);
    var vector = a.here();
    a.emit(VMULPS, Vec.zmm(5), OWN, Mem.at(STATE));
    a.emit(VFMADD231PS, Vec.zmm(5), OTHERS_OWN, Mem.at(OTHER));
    a.store(VMOVUPS_STORE, Mem.at(STATE), Vec.zmm(5));
    a.add(STATE, 64);
    a.add(OTHER, 64);
    a.sub(VECTORS, 1);
    a.jump(Condition.NOT_EQUAL, vector);
    a.sub(LEFT, 1);
    a.jump(Condition.NOT_EQUAL, query);
    Leaf.end(a);
    byte[][] values = Arrays.copyOf(Exponential512.constants(), Exponential512.CONSTANTS + 1);
    values[Exponential512.CONSTANTS] = Constants.floats(1);
    a.place(constants, values);
    return a.finish();
  }
}
