package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPANDN;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSRAD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;

/**
 * As {@link AttendBlock512}, in vectors of 256 bits: queries come in groups of one to three, whose
 * scores of 32 tokens are in twelve registers. Arguments are {@link AttendArguments}.
 */
final class AttendBlock256 {

  /** Queries of a group at most. */
  static final int MOST_QUERIES = 3;

  private static final Gp AT = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp QUERY = Gp.RDX;
  private static final Gp QUERY_STRIDE = Gp.R8;
  private static final Gp STATE = Gp.R9;
  private static final Gp CONSTANTS = Gp.R10;
  private static final Gp STATE_STRIDE = Gp.R11;

  /** For the mix, which needs no queries. */
  private static final Gp WEIGHTS = Gp.RDX;

  private static final Gp COLUMN = Gp.RSI;
  private static final Gp LEFT = Gp.R8;

  private static final Vec T0 = Vec.ymm(12);
  private static final Vec T1 = Vec.ymm(13);
  private static final Vec T2 = Vec.ymm(14);
  private static final Vec T3 = Vec.ymm(15);

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final Exponential256 exponential = new Exponential256(a, CONSTANTS);
  private final int queries;

  private AttendBlock256(int queries) {
    this.queries = queries;
  }

  /**
   * The code.
   *
   * @param queries of a group, 1 to {@link #MOST_QUERIES}
   */
  static byte[] code(int queries) {
    return new AttendBlock256(queries).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    Label constants = a.label();
    a.lea(CONSTANTS, constants);
    a.mov(STATE_STRIDE, Mem.at(Gp.RDI, AttendArguments.STATE_BYTES));
    var group = a.here();
    a.mov(STATE, Mem.at(Gp.RDI, AttendArguments.STATES));
    scores();
    for (int i = 0; i < queries; i++) {
      weights(i);
    }
    mix();
    AttendArguments.next(a, AT, STATE, STATE_STRIDE, queries, group);
    Leaf.end(a);
    a.place(constants, values());
    return a.finish();
  }

  private static byte[][] values() {
    byte[][] values = Arrays.copyOf(Exponential256.constants(), Exponential256.CONSTANTS + 3);
    values[Exponential256.CONSTANTS] = Constants.floats(AttentionState.NO_SCORE);
    values[Exponential256.CONSTANTS + 1] = Constants.ints(lane -> lane);
    values[Exponential256.CONSTANTS + 2] = Constants.ints(lane -> 16 + lane);
    return values;
  }

  private static Mem nothing() {
    return Mem.at(CONSTANTS, 64 * Exponential256.CONSTANTS);
  }

  /** The numbers of eight tokens in the block. */
  private static Mem tokens(int quarter) {
    return Mem.at(CONSTANTS, 64 * (Exponential256.CONSTANTS + 1) + 32 * quarter);
  }

  /** Where a query's scores of a quarter of the tokens are. */
  private static Vec score(int query, int quarter) {
    return Vec.ymm(4 * query + quarter);
  }

  private static Vec broadcast(int query) {
    return Vec.ymm(13 + query);
  }

  /**
   * {@code score = Σ query · key}: four lines of keys and three broadcasts feed twelve products.
   */
  private void scores() {
    a.mov(AT, Mem.at(Gp.RDI, AttendArguments.KEYS));
    a.mov(COUNT, Mem.at(Gp.RDI, AttendArguments.KEY_WIDTH));
    a.mov(QUERY, Mem.at(Gp.RDI, AttendArguments.QUERIES));
    a.mov(QUERY_STRIDE, Mem.at(Gp.RDI, AttendArguments.QUERY_BYTES));
    for (int i = 0; i < 4 * queries; i++) {
      a.emit(VPXOR, Vec.ymm(i), Vec.ymm(i), Vec.ymm(i));
    }
    var number = a.here();
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, broadcast(i), of(i, QUERY, QUERY_STRIDE, 0));
    }
    for (int quarter = 0; quarter < 4; quarter++) {
      a.emit(VMOVUPS, T0, Mem.at(AT, 32 * quarter));
      for (int i = 0; i < queries; i++) {
        a.emit(VFMADD231PS, score(i, quarter), T0, broadcast(i));
      }
    }
    a.add(AT, 128);
    a.add(QUERY, 4);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, number);
  }

  private static Mem of(int index, Gp first, Gp stride, int offset) {
    return index == 0 ? Mem.at(first, offset) : Mem.at(first, stride, index, offset);
  }

  private static Mem state(int query, int offset) {
    return of(query, STATE, STATE_STRIDE, offset);
  }

  /** Scores become weights, and states learn of them. */
  private void weights(int query) {
    hide(query);
    a.emit(VMAXPS, T0, score(query, 0), score(query, 1));
    a.emit(VMAXPS, T1, score(query, 2), score(query, 3));
    a.emit(VMAXPS, T0, T0, T1);
    Lanes.reduce(a, VMAXPS, T0, T1);
    a.emit(VBROADCASTSS, T3, state(query, AttentionState.GREATEST));
    a.emit(VBROADCASTSS, T0, T0.x());
    a.emit(VMAXPS, T0, T0, T3);
    a.store(VMOVSS_STORE, state(query, AttentionState.GREATEST), T0.x());
    a.emit(VSUBPS, T3, T3, T0);
    for (int quarter = 0; quarter < 4; quarter++) {
      a.emit(VSUBPS, score(query, quarter), score(query, quarter), T0);
    }
    exponential.emit(T3, T0, T1, T2);
    a.mov(AT, Mem.at(Gp.RDI, AttendArguments.SCRATCH));
    a.store(VMOVSS_STORE, Mem.at(AT, AttendArguments.CORRECTIONS + 4 * query), T3.x());
    for (int quarter = 0; quarter < 4; quarter++) {
      exponential.emit(score(query, quarter), T0, T1, T2);
      a.store(VMOVUPS_STORE, Mem.at(AT, 128 * query + 32 * quarter), score(query, quarter));
    }
    for (int half = 0; half < 2; half++) {
      Vec sum = score(query, half);
      a.emit(VADDPS, sum, sum, score(query, half + 2));
      a.emit(VFMADD231PS, sum, T3, state(query, AttentionState.SUMS + 32 * half));
      a.store(VMOVUPS_STORE, state(query, AttentionState.SUMS + 32 * half), sum);
    }
  }

  /**
   * Scores are scaled; positions from the limit on are hidden, whatever memory held, as are those
   * before the first.
   */
  private void hide(int query) {
    a.emit(VPBROADCASTD, T0, state(query, AttentionState.LIMIT));
    a.emit(VPBROADCASTD, T3, state(query, AttentionState.FIRST));
    a.emit(VPBROADCASTD, T1, Mem.at(Gp.RDI, AttendArguments.BEGIN));
    a.emit(VPSUBD, T0, T0, T1);
    a.emit(VPSUBD, T3, T3, T1);
    for (int quarter = 0; quarter < 4; quarter++) {
      Vec score = score(query, quarter);
      a.emit(VMOVUPS, T2, tokens(quarter));
      a.emit(VPSUBD, T1, T2, T0);
      a.emit(VPSUBD, T2, T2, T3);
      a.emit(VPANDN, T1, T2, T1);
      a.shift(VPSRAD, T1, T1, 31);
      a.emit(VBROADCASTSS, T2, Mem.at(Gp.RDI, AttendArguments.SCALE));
      a.emit(VMULPS, score, score, T2);
      a.emit(VPAND, score, score, T1);
      a.emit(VPANDN, T1, T1, nothing());
      a.emit(VPOR, score, score, T1);
    }
  }

  /** Columns of values four vectors at a time, then two. */
  private void mix() {
    a.mov(COLUMN, Mem.at(Gp.RDI, AttendArguments.VALUES));
    a.mov(LEFT, Mem.at(Gp.RDI, AttendArguments.VALUE_BYTES));
    var two = a.label();
    var done = a.label();
    var four = a.here();
    a.cmp(LEFT, 128);
    a.jump(Condition.BELOW, two);
    columns(4);
    a.jmp(four);
    a.bind(two);
    a.test(LEFT, LEFT);
    a.jump(Condition.EQUAL, done);
    columns(2);
    a.bind(done);
    // back from behind the last column
    a.sub(STATE, Mem.at(Gp.RDI, AttendArguments.VALUE_BYTES));
  }

  /** {@code mix = mix · correction + Σ weight · values}, for some vectors of columns. */
  private void columns(int vectors) {
    a.mov(WEIGHTS, Mem.at(Gp.RDI, AttendArguments.SCRATCH));
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, T0, Mem.at(WEIGHTS, AttendArguments.CORRECTIONS + 4 * i));
      for (int v = 0; v < vectors; v++) {
        a.emit(VMULPS, Vec.ymm(4 * i + v), T0, state(i, AttentionState.MIX + 32 * v));
      }
    }
    a.mov(AT, COLUMN);
    a.movd(COUNT, 32);
    var token = a.here();
    for (int i = 0; i < queries; i++) {
      a.emit(VBROADCASTSS, broadcast(i), Mem.at(WEIGHTS, 128 * i));
    }
    for (int v = 0; v < vectors; v++) {
      a.emit(VMOVUPS, T0, Mem.at(AT, 32 * v));
      for (int i = 0; i < queries; i++) {
        a.emit(VFMADD231PS, Vec.ymm(4 * i + v), broadcast(i), T0);
      }
    }
    a.add(WEIGHTS, 4);
    a.add(AT, Mem.at(Gp.RDI, AttendArguments.VALUE_STRIDE));
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, token);
    for (int i = 0; i < queries; i++) {
      for (int v = 0; v < vectors; v++) {
        a.store(VMOVUPS_STORE, state(i, AttentionState.MIX + 32 * v), Vec.ymm(4 * i + v));
      }
    }
    a.add(COLUMN, 32 * vectors);
    a.add(STATE, 32 * vectors);
    a.sub(LEFT, 32 * vectors);
  }
}
