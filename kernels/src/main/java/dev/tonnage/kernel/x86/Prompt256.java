package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPABSB;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPADDW;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPMADDUBSW;
import static dev.tonnage.kernel.x86.Instruction.VPMADDWD;
import static dev.tonnage.kernel.x86.Instruction.VPSIGNB;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;

/**
 * The kernel for prompts in vectors of 256 bits: a {@link PromptTile} of 16 rows times one to three
 * tokens. A lane is a row, as in {@link Prompt512}; two lines of weights and one broadcast of four
 * activations feed six dot products.
 */
final class Prompt256 {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 3;

  private static final Gp WEIGHTS = Gp.RAX;
  private static final Gp COUNT = Gp.RDX;
  private static final Gp FIRST = Gp.RSI;
  private static final Gp STRIDE = Gp.R8;
  private static final Gp LEFT = Gp.R10;
  private static final Gp AHEAD = Gp.R11;
  private static final Gp RESULT = Gp.RCX;

  private static final Vec FOUR = Vec.ymm(14);
  private static final Vec OTHER = Vec.ymm(15);

  /** Where weights are signed, for which memory would be read too often. */
  private static final Vec ONES = OTHER;

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final Unpacker256 unpacker;
  private final PromptTile tile;
  private final Products products;
  private final int tokens;

  private Prompt256(Unpacker256 unpacker, PromptTile tile, Products products, int tokens) {
    this.unpacker = unpacker;
    this.tile = tile;
    this.products = products;
    this.tokens = tokens;
  }

  /**
   * The code; its arguments are {@link PromptArguments}.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(Unpacker256 unpacker, PromptTile tile, Products products, int tokens) {
    return new Prompt256(unpacker, tile, products, tokens).write();
  }

  /** The float sum of a half's rows and a token. */
  private static Vec sum(int half, int token) {
    return Vec.ymm(MOST_TOKENS * half + token);
  }

  /** The integer sum of a group, of 16 or of 32 bits. */
  private static Vec dots(int half, int token) {
    return Vec.ymm(6 + MOST_TOKENS * half + token);
  }

  private static Vec weights(int half) {
    return Vec.ymm(12 + half);
  }

  private byte[] write() {
    Leaf.begin(a);
    var constants = a.label();
    a.lea(Avx2.CONSTANTS, constants);
    a.mov(AHEAD, Mem.at(Gp.RDI, PromptArguments.AHEAD));
    var someTokens = a.here();
    a.mov(WEIGHTS, Mem.at(Gp.RDI, PromptArguments.TILE));
    a.mov(COUNT, Mem.at(Gp.RDI, PromptArguments.BLOCKS));
    a.mov(FIRST, Mem.at(Gp.RDI, PromptArguments.ACTIVATIONS));
    a.mov(STRIDE, Mem.at(Gp.RDI, PromptArguments.ACTIVATION_BYTES));
    if (unpacker.isSigned()) {
      a.emit(VMOVUPS, ONES, Avx2.ones());
    }
    eachToken(
        PromptArguments.SUMS,
        PromptArguments.SUM_BYTES,
        (half, t) -> {
          a.emit(VMOVUPS, sum(half, t), Mem.at(RESULT, 32 * half));
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
    int lines = 8 / tile.groups();
    for (int group = 0; group < tile.groups(); group++) {
      int together = linesIn16Bits(lines);
      if (together > 0) {
        linesIn16Bits(group * lines, together);
        correct(group);
      } else {
        start(group);
      }
      for (int line = group * lines + together; line < (group + 1) * lines; line++) {
        line(line);
      }
      scale(group);
    }
    a.add(WEIGHTS, tile.blockBytes());
    a.add(FIRST, PromptBlock.BYTES);
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
          a.store(VMOVUPS_STORE, Mem.at(RESULT, 32 * half), sum(half, t));
        });
    eachToken(PromptArguments.ACTIVATIONS, PromptArguments.ACTIVATION_BYTES, (_, _) -> {});
    a.sub(Mem.at(Gp.RDI, PromptArguments.GROUPS), 1);
    a.jump(Condition.NOT_EQUAL, someTokens);
    Leaf.end(a);
    a.place(constants, Avx2.constants(unpacker)[0]);
    return a.finish();
  }

  /** How many lines of a group are summed in 16 bits before they are widened: not 1. */
  private int linesIn16Bits(int ofGroup) {
    return switch (products) {
      case FOURS -> 0;
      case PAIRS -> {
        int fit = Math.min(ofGroup, Products.sumsIn16Bits(unpacker.most()));
        yield fit < 2 ? 0 : fit;
      }
    };
  }

  /** Integer sums begin with what a bias of the weights adds too much, or with nothing. */
  private void start(int group) {
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        Vec dots = dots(half, t);
        if (tile.hasMinima() || unpacker.isSigned()) {
          a.emit(VPXOR, dots, dots, dots);
        } else {
          a.emit(VPBROADCASTD, dots, activations(t, PromptBlock.CORRECTIONS + 4 * group));
        }
      }
    }
  }

  private void line(int line) {
    if (unpacker.isSigned()) {
      signedLine(line);
      return;
    }
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, 32 * line));
    }
    for (int t = 0; t < tokens; t++) {
      a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
      for (int half = 0; half < 2; half++) {
        Vec dots = dots(half, t);
        switch (products) {
          case FOURS -> a.emit(VPDPBUSD, dots, weights(half), FOUR);
          case PAIRS -> {
            a.emit(VPMADDUBSW, OTHER, weights(half), FOUR);
            a.emit(VPMADDWD, OTHER, OTHER, Avx2.ones());
            a.emit(VPADDD, dots, dots, OTHER);
          }
        }
      }
    }
  }

  /** Magnitudes of weights times activations that have taken the weights' signs. */
  private void signedLine(int line) {
    Vec w = weights(0);
    Vec magnitude = weights(1);
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, w, tile(half, 32 * line));
      a.emit(VPABSB, magnitude, w);
      for (int t = 0; t < tokens; t++) {
        Vec dots = dots(half, t);
        a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
        a.emit(VPSIGNB, FOUR, FOUR, w);
        a.emit(VPMADDUBSW, FOUR, magnitude, FOUR);
        a.emit(VPMADDWD, FOUR, FOUR, ONES);
        a.emit(VPADDD, dots, dots, FOUR);
      }
    }
  }

  /** The first lines of a group, whose sums of pairs fit into 16 bits. */
  private void linesIn16Bits(int first, int count) {
    for (int line = first; line < first + count; line++) {
      for (int half = 0; half < 2; half++) {
        a.emit(VMOVUPS, weights(half), tile(half, 32 * line));
      }
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
        for (int half = 0; half < 2; half++) {
          Vec dots = dots(half, t);
          if (line == first) {
            a.emit(VPMADDUBSW, dots, weights(half), FOUR);
          } else {
            a.emit(VPMADDUBSW, OTHER, weights(half), FOUR);
            a.emit(VPADDW, dots, dots, OTHER);
          }
        }
      }
    }
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        a.emit(VPMADDWD, dots(half, t), dots(half, t), Avx2.ones());
      }
    }
  }

  /** What a bias adds too much, to sums that began with nothing. */
  private void correct(int group) {
    if (tile.hasMinima()) {
      return;
    }
    for (int t = 0; t < tokens; t++) {
      a.emit(VPBROADCASTD, FOUR, activations(t, PromptBlock.CORRECTIONS + 4 * group));
      for (int half = 0; half < 2; half++) {
        a.emit(VPADDD, dots(half, t), dots(half, t), FOUR);
      }
    }
  }

  /** Integer sums are scaled, and minima subtracted. */
  private void scale(int group) {
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, tile.scales() + 32 * group));
    }
    eachSum((half, t) -> {
      Vec dots = dots(half, t);
      a.emit(VCVTDQ2PS, dots, dots);
      if (tile.span() > 1) {
        a.emit(VFMADD231PS, sum(half, t), dots, weights(half));
      } else {
        a.emit(VMULPS, dots, dots, weights(half));
      }
    });
    lessMinima(group);
    for (int t = 0; tile.span() == 1 && t < tokens; t++) {
      a.emit(VBROADCASTSS, FOUR, activations(t, PromptBlock.SCALE));
      for (int half = 0; half < 2; half++) {
        a.emit(VFMADD231PS, sum(half, t), dots(half, t), FOUR);
      }
    }
  }

  private void lessMinima(int group) {
    if (!tile.hasMinima()) {
      return;
    }
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, tile.minima() + 32 * group));
    }
    for (int t = 0; t < tokens; t++) {
      a.emit(VBROADCASTSS, FOUR, activations(t, PromptBlock.CORRECTIONS + 4 * group));
      for (int half = 0; half < 2; half++) {
        Vec scaled = tile.span() > 1 ? sum(half, t) : dots(half, t);
        a.emit(VFNMADD231PS, scaled, weights(half), FOUR);
      }
    }
  }

  /** The sums of a span, when its last block has been passed, take the activations' scale. */
  private void addScaled() {
    for (int t = 0; t < tokens; t++) {
      a.emit(VBROADCASTSS, FOUR, activations(t, PromptBlock.SCALE - PromptBlock.BYTES));
      for (int half = 0; half < 2; half++) {
        a.emit(VMOVUPS, dots(half, t), scaled(half, t));
        a.emit(VFMADD231PS, dots(half, t), sum(half, t), FOUR);
        a.store(VMOVUPS_STORE, scaled(half, t), dots(half, t));
      }
    }
  }

  /** Somewhere in a half of the tile's block. */
  private Mem tile(int half, int offset) {
    return Mem.at(WEIGHTS, half * tile.halfBytes() + offset);
  }

  /** Somewhere in a token's block. */
  private Mem activations(int token, int offset) {
    return token == 0 ? Mem.at(FIRST, offset) : Mem.at(FIRST, STRIDE, token, offset);
  }

  /** Where the sum of all spans so far is. */
  private static Mem scaled(int half, int token) {
    return Mem.at(Gp.RDI, PromptArguments.SCALED + 32 * (MOST_TOKENS * half + token));
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
