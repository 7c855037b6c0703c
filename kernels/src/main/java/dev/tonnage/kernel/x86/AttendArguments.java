package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;

/** The block of arguments of code with which a block of 32 tokens joins attention. */
final class AttendArguments {

  /** Address of the keys, [width, 32] floats. */
  static final int KEYS = 0;

  /** Numbers of a key. */
  static final int KEY_WIDTH = 8;

  /** Address of the values, [32, width] floats. */
  static final int VALUES = 16;

  /** Bytes of a token's values. */
  static final int VALUE_BYTES = 24;

  /** Bytes from a token's values to the next's. */
  static final int VALUE_STRIDE = 88;

  /** Address of the first query's numbers; changes on the way, as do states and groups. */
  static final int QUERIES = 32;

  /** Bytes from a query to the next. */
  static final int QUERY_BYTES = 40;

  /** Address of the first query's {@link AttentionState}. */
  static final int STATES = 48;

  /** Bytes from a state to the next. */
  static final int STATE_BYTES = 56;

  /** How many groups, at least 1. */
  static final int GROUPS = 64;

  /** What scores are multiplied with. */
  static final int SCALE = 72;

  /** Position of the block's first token, 32 bits. */
  static final int BEGIN = 76;

  /** Address of {@link #SCRATCH_BYTES}. */
  static final int SCRATCH = 80;

  /** Where scratch has what sums so far are multiplied with, a number for each query. */
  static final int CORRECTIONS = 6 * 128;

  /**
   * Weights of up to six queries, 128 bytes each, and what their sums so far are multiplied with.
   */
  static final int SCRATCH_BYTES = CORRECTIONS + 64;

  private AttendArguments() {}

  /**
   * Goes on with the next group, if there is another.
   *
   * @param state the register with the first state's address, which goes on, too
   * @param stride the register with the bytes from a state to the next
   * @param queries of a group
   * @param group where a group begins
   */
  static void next(X86Assembler a, Gp free, Gp state, Gp stride, int queries, Label group) {
    a.mov(free, Mem.at(Gp.RDI, QUERIES));
    for (int i = 0; i < queries; i++) {
      a.add(free, Mem.at(Gp.RDI, QUERY_BYTES));
      a.add(state, stride);
    }
    a.mov(Mem.at(Gp.RDI, QUERIES), free);
    a.mov(Mem.at(Gp.RDI, STATES), state);
    a.sub(Mem.at(Gp.RDI, GROUPS), 1);
    a.jump(Condition.NOT_EQUAL, group);
  }
}
