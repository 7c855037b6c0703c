package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * The skeleton of kernels for prompts: a {@link PromptTile} times some tokens. A lane is a row:
 * each group is summed in integers, then scaled and added to the row's sum. Two lines of weights
 * and one broadcast of four activations feed the dot products of two sums a token.
 *
 * <p>Where the activations of several blocks share a scale, it is multiplied with once for all of
 * them: the units that multiply are those that dot products want.
 */
abstract class Prompt {

  /** The tile's block. */
  static final Gp WEIGHTS = Gp.RAX;

  private static final Gp COUNT = Gp.RDX;

  /** The first token's block, and the fourth's. */
  private static final Gp FIRST = Gp.RSI;

  private static final Gp FOURTH = Gp.RCX;

  /** Bytes from one token's blocks to the next. */
  private static final Gp STRIDE = Gp.R8;

  /** Blocks that are left of a span. */
  private static final Gp LEFT = Gp.R10;

  /** Where sums and results are, before and after all spans. */
  private static final Gp RESULT = LEFT;

  /** Where the next weights are asked for. */
  private static final Gp AHEAD = Gp.R11;

  /** What the code is written with. */
  final X86Assembler a;

  final PromptTile tile;

  /** Tokens of the call. */
  final int tokens;

  private final Width width;
  private final int mostTokens;

  /**
   * @param mostTokens tokens of a call at most: there are four registers for each
   */
  Prompt(Width width, PromptTile tile, int tokens, int mostTokens) {
    this.a = X86Assembler.of(width);
    this.width = width;
    this.tile = tile;
    this.tokens = tokens;
    this.mostTokens = mostTokens;
  }

  /** Numbers behind the code. */
  abstract byte[][] constants();

  /** Before the first of some tokens' blocks. */
  abstract void begin(Label constants);

  /** A group of all tokens, scaled and added to their sums. */
  abstract void group(int group);

  /** When the last block of a span has been passed: sums have to be in units of activations. */
  void endSpan() {}

  /** For what all lanes have in common. */
  abstract Vec four();

  /** The float sum of a half's rows and a token. */
  Vec sum(int half, int token) {
    return new Vec(mostTokens * half + token, width);
  }

  /** The integer sum of a group. */
  Vec dots(int half, int token) {
    return new Vec(2 * mostTokens + mostTokens * half + token, width);
  }

  /** Somewhere in a half of the tile's block. */
  Mem tile(int half, int offset) {
    return Mem.at(WEIGHTS, half * tile.halfBytes() + offset);
  }

  /** Somewhere in a token's block. */
  Mem activations(int token, int offset) {
    return Mem.ofSix(token, FIRST, FOURTH, STRIDE, offset);
  }

  /** What is done for a half's rows and a token. */
  interface Each {
    void at(int half, int token);
  }

  void eachSum(Each each) {
    for (int t = 0; t < tokens; t++) {
      each.at(0, t);
      each.at(1, t);
    }
  }

  byte[] write() {
    Leaf.begin(a);
    var constants = a.label();
    a.mov(AHEAD, Mem.at(Gp.RDI, PromptArguments.AHEAD));
    var someTokens = a.here();
    begin(constants);
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
          a.emit(VMOVUPS, sum(half, t), Mem.at(RESULT, half * tile.lineBytes()));
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
      endSpan();
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
          a.store(VMOVUPS_STORE, Mem.at(RESULT, half * tile.lineBytes()), sum(half, t));
        });
    eachToken(PromptArguments.ACTIVATIONS, PromptArguments.ACTIVATION_BYTES, (_, _) -> {});
    a.sub(Mem.at(Gp.RDI, PromptArguments.GROUPS), 1);
    a.jump(Condition.NOT_EQUAL, someTokens);
    Leaf.end(a);
    a.place(constants, constants());
    return a.finish();
  }

  /** The sums of a span, when its last block has been passed, take the activations' scale. */
  private void addScaled() {
    for (int t = 0; t < tokens; t++) {
      a.emit(VBROADCASTSS, four(), activations(t, PromptBlock.SCALE - PromptBlock.BYTES));
      for (int half = 0; half < 2; half++) {
        a.emit(VMOVUPS, dots(half, t), scaled(half, t));
        a.emit(VFMADD231PS, dots(half, t), sum(half, t), four());
        a.store(VMOVUPS_STORE, scaled(half, t), dots(half, t));
      }
    }
  }

  /** Where the sum of all spans so far is. */
  private Mem scaled(int half, int token) {
    int index = mostTokens * half + token;
    return Mem.at(Gp.RDI, PromptArguments.SCALED + index * width.bytes());
  }

  /** With {@link #RESULT} at each token's place; an argument is left at the next group's. */
  private void eachToken(int at, int bytes, Each each) {
    a.mov(RESULT, Mem.at(Gp.RDI, at));
    for (int t = 0; t < tokens; t++) {
      each.at(0, t);
      each.at(1, t);
      a.add(RESULT, Mem.at(Gp.RDI, bytes));
    }
    a.mov(Mem.at(Gp.RDI, at), RESULT);
  }
}
