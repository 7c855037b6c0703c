package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPANDN;
import static dev.tonnage.kernel.x86.Instruction.VPSRAD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;

/**
 * A block of 32 tokens joins the attention of some queries: scores, softmax and mix in one pass,
 * with the greatest score so far (Milakov & Gimelshein 2018; Dao et al. 2022). Queries come in
 * groups of one to six; what a query gets does not depend on the others.
 */
final class AttendBlock512 {

  /** Queries of a group at most. */
  static final int MOST_QUERIES = 6;

  private static final Gp AT = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp QUERY_0 = Gp.RDX;
  private static final Gp QUERY_3 = Gp.RSI;
  private static final Gp QUERY_STRIDE = Gp.R8;
  private static final Gp STATE_0 = Gp.R9;
  private static final Gp STATE_3 = Gp.R10;
  private static final Gp STATE_STRIDE = Gp.R11;

  /** For the mix, which needs no queries. */
  private static final Gp WEIGHTS = Gp.RDX;

  private static final Gp COLUMN = Gp.RSI;

  private static final int FIRST_CONSTANT = 16;
  private static final Vec ONE = Vec.zmm(FIRST_CONSTANT + Exponential512.CONSTANTS);
  private static final Vec NOTHING = Vec.zmm(FIRST_CONSTANT + Exponential512.CONSTANTS + 1);
  private static final Vec FACTOR = Vec.zmm(FIRST_CONSTANT + Exponential512.CONSTANTS + 2);
  private static final Vec POSITIONS = Vec.zmm(FIRST_CONSTANT + Exponential512.CONSTANTS + 3);
  private static final Vec LATER = Vec.zmm(FIRST_CONSTANT + Exponential512.CONSTANTS + 4);

  private static final Vec T0 = Vec.zmm(12);
  private static final Vec T1 = Vec.zmm(13);
  private static final Vec T2 = Vec.zmm(14);
  private static final Vec T3 = Vec.zmm(15);

  /** A bit of the second where the first has one, else of the third. */
  private static final int SELECT = 0xca;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final Label constants = a.label();
  private final int queries;

  private AttendBlock512(int queries) {
    this.queries = queries;
  }

  /**
   * The code.
   *
   * @param queries of a group, 1 to {@link #MOST_QUERIES}
   */
  static byte[] code(int queries) {
    return new AttendBlock512(queries).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(STATE_STRIDE, Mem.at(Gp.RDI, AttendArguments.STATE_BYTES));
    var group = a.here();
    a.mov(STATE_0, Mem.at(Gp.RDI, AttendArguments.STATES));
    a.lea(STATE_3, Mem.at(STATE_STRIDE, STATE_STRIDE, 2, 0));
    a.add(STATE_3, STATE_0);
    scores();
    weights();
    mix();
    AttendArguments.next(a, AT, STATE_0, STATE_STRIDE, queries, group);
    Leaf.end(a);
    a.place(constants, values());
    return a.finish();
  }

  private static byte[][] values() {
    byte[][] exponential = Exponential512.constants();
    byte[][] values = Arrays.copyOf(exponential, exponential.length + 4);
    values[exponential.length] = Constants.floats(1);
    values[exponential.length + 1] = Constants.floats(AttentionState.NO_SCORE);
    values[exponential.length + 2] = Constants.ints(lane -> lane);
    values[exponential.length + 3] = Constants.ints(_ -> 16);
    return values;
  }

  /** Where a query's scores of a half of the tokens are. */
  private static Vec score(int query, int half) {
    return Vec.zmm(2 * query + half);
  }

  /** {@code score = Σ query · key}: two lines of keys and a broadcast feed twelve products. */
  private void scores() {
    a.mov(AT, Mem.at(Gp.RDI, AttendArguments.KEYS));
    a.mov(COUNT, Mem.at(Gp.RDI, AttendArguments.KEY_WIDTH));
    a.mov(QUERY_0, Mem.at(Gp.RDI, AttendArguments.QUERIES));
    a.mov(QUERY_STRIDE, Mem.at(Gp.RDI, AttendArguments.QUERY_BYTES));
    a.lea(QUERY_3, Mem.at(QUERY_STRIDE, QUERY_STRIDE, 2, 0));
    a.add(QUERY_3, QUERY_0);
    for (int i = 0; i < queries; i++) {
      for (int half = 0; half < 2; half++) {
        a.emit(VPXOR, score(i, half), score(i, half), score(i, half));
      }
    }
    var number = a.here();
    a.emit(VMOVUPS, T0, Mem.at(AT));
    a.emit(VMOVUPS, T1, Mem.at(AT, 64));
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, T2, Mem.ofSix(i, QUERY_0, QUERY_3, QUERY_STRIDE, 0));
      a.emit(VFMADD231PS, score(i, 0), T0, T2);
      a.emit(VFMADD231PS, score(i, 1), T1, T2);
    }
    a.add(AT, 128);
    a.add(QUERY_0, 4);
    a.add(QUERY_3, 4);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, number);
  }

  private static Mem state(int query, int offset) {
    return Mem.ofSix(query, STATE_0, STATE_3, STATE_STRIDE, offset);
  }

  /** Scores become weights, and states learn of them. */
  private void weights() {
    a.lea(AT, constants);
    for (int i = 0; i < Exponential512.CONSTANTS + 3; i++) {
      // the last goes where positions are wanted
      Vec to = i < Exponential512.CONSTANTS + 2 ? Vec.zmm(FIRST_CONSTANT + i) : POSITIONS;
      a.emit(VMOVUPS, to, Mem.at(AT, 64 * i));
    }
    a.emit(VPADDD, POSITIONS, POSITIONS, Mem.at(Gp.RDI, AttendArguments.BEGIN).broadcast());
    a.emit(VPADDD, LATER, POSITIONS, Mem.at(AT, 64 * (Exponential512.CONSTANTS + 3)));
    a.emit(VBROADCASTSS, FACTOR, Mem.at(Gp.RDI, AttendArguments.SCALE));
    a.mov(AT, Mem.at(Gp.RDI, AttendArguments.SCRATCH));
    var exponential = new Exponential512(a, FIRST_CONSTANT);
    for (int i = 0; i < queries; i++) {
      weights(i, exponential);
    }
  }

  private void weights(int query, Exponential512 exponential) {
    Vec lower = score(query, 0);
    Vec upper = score(query, 1);
    // positions from the limit on are hidden, whatever memory held, as are those before the first
    a.emit(VPSUBD, T0, POSITIONS, state(query, AttentionState.LIMIT).broadcast());
    a.emit(VPSUBD, T1, LATER, state(query, AttentionState.LIMIT).broadcast());
    a.emit(VPSUBD, T2, POSITIONS, state(query, AttentionState.FIRST).broadcast());
    a.emit(VPSUBD, T3, LATER, state(query, AttentionState.FIRST).broadcast());
    a.emit(VPANDN, T0, T2, T0);
    a.emit(VPANDN, T1, T3, T1);
    a.shift(VPSRAD, T0, T0, 31);
    a.shift(VPSRAD, T1, T1, 31);
    a.emit(VMULPS, lower, lower, FACTOR);
    a.emit(VMULPS, upper, upper, FACTOR);
    a.emit(VPTERNLOGD, T0, lower, NOTHING, SELECT);
    a.emit(VPTERNLOGD, T1, upper, NOTHING, SELECT);
    a.emit(VMAXPS, T2, T0, T1);
    Lanes.reduce(a, VMAXPS, T2, T3);
    a.emit(VBROADCASTSS, T3, state(query, AttentionState.GREATEST));
    a.emit(VBROADCASTSS, T2, T2.x());
    a.emit(VMAXPS, T2, T2, T3);
    a.store(VMOVSS_STORE, state(query, AttentionState.GREATEST), T2.x());
    a.emit(VSUBPS, lower, T0, T2);
    a.emit(VSUBPS, upper, T1, T2);
    a.emit(VSUBPS, T3, T3, T2);
    exponential.emit(lower, T0, T1, ONE);
    exponential.emit(upper, T0, T1, ONE);
    exponential.emit(T3, T0, T1, ONE);
    a.store(VMOVUPS_STORE, Mem.at(AT, 128 * query), lower);
    a.store(VMOVUPS_STORE, Mem.at(AT, 128 * query + 64), upper);
    a.store(VMOVSS_STORE, Mem.at(AT, AttendArguments.CORRECTIONS + 4 * query), T3.x());
    a.emit(VADDPS, lower, lower, upper);
    a.emit(VFMADD231PS, lower, T3, state(query, AttentionState.SUMS));
    a.store(VMOVUPS_STORE, state(query, AttentionState.SUMS), lower);
  }

  /** Columns of values four vectors at a time, then one by one. */
  private void mix() {
    a.mov(COLUMN, Mem.at(Gp.RDI, AttendArguments.VALUES));
    a.mov(Gp.R8, Mem.at(Gp.RDI, AttendArguments.VALUE_BYTES));
    var ones = a.label();
    var done = a.label();
    var four = a.here();
    a.cmp(Gp.R8, 256);
    a.jump(Condition.BELOW, ones);
    columns(4);
    a.jmp(four);
    a.bind(ones);
    a.test(Gp.R8, Gp.R8);
    a.jump(Condition.EQUAL, done);
    var one = a.here();
    columns(1);
    a.test(Gp.R8, Gp.R8);
    a.jump(Condition.NOT_EQUAL, one);
    a.bind(done);
    // back from behind the last column
    a.sub(STATE_0, Mem.at(Gp.RDI, AttendArguments.VALUE_BYTES));
    a.sub(STATE_3, Mem.at(Gp.RDI, AttendArguments.VALUE_BYTES));
  }

  /** {@code mix = mix · correction + Σ weight · values}, for some vectors of columns. */
  private void columns(int vectors) {
    a.mov(WEIGHTS, Mem.at(Gp.RDI, AttendArguments.SCRATCH));
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, Vec.zmm(28), Mem.at(WEIGHTS, AttendArguments.CORRECTIONS + 4 * i));
      for (int v = 0; v < vectors; v++) {
        Mem mixed = state(i, AttentionState.MIX + 64 * v);
        a.emit(VMULPS, mixed(i, v, vectors), Vec.zmm(28), mixed);
      }
    }
    a.mov(AT, COLUMN);
    a.movd(COUNT, 32);
    var token = a.here();
    for (int v = 0; v < vectors; v++) {
      a.emit(VMOVUPS, Vec.zmm(24 + v), Mem.at(AT, 64 * v));
    }
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, Vec.zmm(28), Mem.at(WEIGHTS, 128 * i));
      for (int v = 0; v < vectors; v++) {
        a.emit(VFMADD231PS, mixed(i, v, vectors), Vec.zmm(28), Vec.zmm(24 + v));
      }
    }
    a.add(WEIGHTS, 4);
    a.add(AT, Mem.at(Gp.RDI, AttendArguments.VALUE_STRIDE));
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, token);
    for (int i = 0; i < queries; i++) {
      for (int v = 0; v < vectors; v++) {
        a.store(VMOVUPS_STORE, state(i, AttentionState.MIX + 64 * v), mixed(i, v, vectors));
      }
    }
    a.add(COLUMN, 64 * vectors);
    a.add(STATE_0, 64 * vectors);
    a.add(STATE_3, 64 * vectors);
    a.sub(Gp.R8, 64 * vectors);
  }

  private static Vec mixed(int query, int vector, int vectors) {
    return Vec.zmm(vectors * query + vector);
  }
}
