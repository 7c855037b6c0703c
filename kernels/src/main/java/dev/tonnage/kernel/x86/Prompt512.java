package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * The kernel for prompts: a {@link PromptTile} of 32 rows times one to six tokens. A lane is a row:
 * each group is summed in integers, then scaled and added to the row's sum. Two lines of weights
 * and one broadcast of four activations feed twelve dot products. Where the activations of several
 * blocks share a scale, it is multiplied with once for all of them: the units that multiply are
 * those that dot products want.
 */
final class Prompt512 {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 6;

  private static final Gp WEIGHTS = Gp.RAX;
  private static final Gp COUNT = Gp.RDX;
  private static final Gp FIRST = Gp.RSI;
  private static final Gp FOURTH = Gp.RCX;
  private static final Gp STRIDE = Gp.R8;
  private static final Gp LEFT = Gp.R10;
  private static final Gp AHEAD = Gp.R11;
  private static final Gp RESULT = Gp.R9;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final PromptTile tile;
  private final int tokens;

  private Prompt512(PromptTile tile, int tokens) {
    this.tile = tile;
    this.tokens = tokens;
  }

  /**
   * The code; its arguments are {@link PromptArguments}.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(PromptTile tile, int tokens) {
    return new Prompt512(tile, tokens).write();
  }

  /** The float sum of a half's rows and a token. */
  private static Vec sum(int half, int token) {
    return Vec.zmm(MOST_TOKENS * half + token);
  }

  /** The integer sum of a group. */
  private static Vec dots(int half, int token) {
    return Vec.zmm(12 + MOST_TOKENS * half + token);
  }

  private static Vec weights(int half) {
    return Vec.zmm(24 + half);
  }

  private static final Vec FOUR = Vec.zmm(26);

  private static Vec scales(int half) {
    return Vec.zmm(27 + half);
  }

  private static Vec minima(int half) {
    return Vec.zmm(29 + half);
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(AHEAD, Mem.at(Gp.RDI, PromptArguments.AHEAD));
    var someTokens = a.here();
    a.mov(WEIGHTS, Mem.at(Gp.RDI, PromptArguments.TILE));
    a.mov(COUNT, Mem.at(Gp.RDI, PromptArguments.BLOCKS));
    a.mov(FIRST, Mem.at(Gp.RDI, PromptArguments.ACTIVATIONS));
    a.mov(STRIDE, Mem.at(Gp.RDI, PromptArguments.ACTIVATION_BYTES));
    a.lea(FOURTH, Mem.at(STRIDE, STRIDE, 2, 0));
    a.add(FOURTH, FIRST);
    eachToken(
        PromptArguments.SUMS,
        PromptArguments.SUM_BYTES,
        (half, t) -> {
          a.emit(VMOVUPS, sum(half, t), Mem.at(RESULT, 64 * half));
          if (tile.span() > 1) {
            a.store(VMOVUPS_STORE, scaled(half, t), sum(half, t));
          }
        });
    var span = a.here();
    if (tile.span() > 1) {
      eachSum((half, t) -> a.emit(VPXOR, sum(half, t), sum(half, t), sum(half, t)));
      a.movd(LEFT, tile.span());
    }
    var block = a.here();
    a.prefetch(Mem.at(AHEAD));
    a.add(AHEAD, Mem.at(Gp.RDI, PromptArguments.AHEAD_BYTES));
    for (int group = 0; group < tile.groups(); group++) {
      group(group);
    }
    a.add(WEIGHTS, tile.blockBytes());
    a.add(FIRST, PromptBlock.BYTES);
    a.add(FOURTH, PromptBlock.BYTES);
    if (tile.span() > 1) {
      a.sub(LEFT, 1);
      a.jump(Condition.NOT_EQUAL, block);
      addScaled();
    }
    a.sub(COUNT, tile.span());
    a.jump(Condition.NOT_EQUAL, span);
    eachToken(
        PromptArguments.RESULTS,
        PromptArguments.RESULT_BYTES,
        (half, t) -> {
          if (tile.span() > 1) {
            a.emit(VMOVUPS, sum(half, t), scaled(half, t));
          }
          a.store(VMOVUPS_STORE, Mem.at(RESULT, 64 * half), sum(half, t));
        });
    eachToken(PromptArguments.ACTIVATIONS, PromptArguments.ACTIVATION_BYTES, (_, _) -> {});
    a.sub(Mem.at(Gp.RDI, PromptArguments.GROUPS), 1);
    a.jump(Condition.NOT_EQUAL, someTokens);
    Leaf.end(a);
    return a.finish();
  }

  private void group(int group) {
    start(group);
    int lines = 8 / tile.groups();
    for (int line = group * lines; line < (group + 1) * lines; line++) {
      a.emit(VMOVUPS, weights(0), Mem.at(WEIGHTS, 64 * line));
      a.emit(VMOVUPS, weights(1), Mem.at(WEIGHTS, tile.halfBytes() + 64 * line));
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
        a.emit(VPDPBUSD, dots(0, t), weights(0), FOUR);
        a.emit(VPDPBUSD, dots(1, t), weights(1), FOUR);
      }
    }
    for (int half = 0; half < 2; half++) {
      int at = half * tile.halfBytes() + 64 * group;
      a.emit(VMOVUPS, scales(half), Mem.at(WEIGHTS, at + tile.scales()));
      if (tile.hasMinima()) {
        a.emit(VMOVUPS, minima(half), Mem.at(WEIGHTS, at + tile.minima()));
      }
      for (int t = 0; t < tokens; t++) {
        Vec dots = dots(half, t);
        Vec scaled = tile.span() > 1 ? sum(half, t) : dots;
        a.emit(VCVTDQ2PS, dots, dots);
        if (tile.span() > 1) {
          a.emit(VFMADD231PS, scaled, dots, scales(half));
        } else {
          a.emit(VMULPS, scaled, dots, scales(half));
        }
        if (tile.hasMinima()) {
          Mem sums = activations(t, PromptBlock.CORRECTIONS + 4 * group).broadcast();
          a.emit(VFNMADD231PS, scaled, minima(half), sums);
        }
        if (tile.span() == 1) {
          a.emit(VFMADD231PS, sum(half, t), scaled, activations(t, PromptBlock.SCALE).broadcast());
        }
      }
    }
  }

  /** The sums of a span, when its last block has been passed, take the activations' scale. */
  private void addScaled() {
    eachSum((half, t) -> {
      Mem scale = activations(t, PromptBlock.SCALE - PromptBlock.BYTES).broadcast();
      a.emit(VMOVUPS, dots(half, t), scaled(half, t));
      a.emit(VFMADD231PS, dots(half, t), sum(half, t), scale);
      a.store(VMOVUPS_STORE, scaled(half, t), dots(half, t));
    });
  }

  /** Integer sums begin with what a bias of the weights adds too much, or with nothing. */
  private void start(int group) {
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        Vec dots = dots(half, t);
        if (tile.hasMinima()) {
          a.emit(VPXOR, dots, dots, dots);
        } else {
          a.emit(VPBROADCASTD, dots, activations(t, PromptBlock.CORRECTIONS + 4 * group));
        }
      }
    }
  }

  /** Somewhere in a token's block. */
  private Mem activations(int token, int offset) {
    return Mem.ofSix(token, FIRST, FOURTH, STRIDE, offset);
  }

  /** Where the sum of all spans so far is. */
  private static Mem scaled(int half, int token) {
    return Mem.at(Gp.RDI, PromptArguments.SCALED + 64 * (MOST_TOKENS * half + token));
  }

  private interface Result {
    void at(int half, int token);
  }

  private void eachSum(Result result) {
    for (int t = 0; t < tokens; t++) {
      result.at(0, t);
      result.at(1, t);
    }
  }

  /** With {@link #RESULT} at each token's place; an argument is left at the next group's. */
  private void eachToken(int at, int bytes, Result result) {
    a.mov(RESULT, Mem.at(Gp.RDI, at));
    for (int t = 0; t < tokens; t++) {
      result.at(0, t);
      result.at(1, t);
      a.add(RESULT, Mem.at(Gp.RDI, bytes));
    }
    a.mov(Mem.at(Gp.RDI, at), RESULT);
  }
}
