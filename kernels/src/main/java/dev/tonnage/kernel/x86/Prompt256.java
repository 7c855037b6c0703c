package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
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

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.Vec.Width;
import java.util.function.BiFunction;

/** {@link Prompt} in vectors of 256 bits: 16 rows times one to three tokens. */
class Prompt256 extends Prompt {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 3;

  static final Vec FOUR = Vec.ymm(14);
  static final Vec OTHER = Vec.ymm(15);

  /** Where weights are signed, for which memory would be read too often. */
  private static final Vec ONES = OTHER;

  final Unpacker256 unpacker;
  private final Products products;

  Prompt256(Unpacker256 unpacker, PromptTile tile, Products products, int tokens) {
    super(Width.YMM, tile, tokens, MOST_TOKENS);
    this.unpacker = unpacker;
    this.products = products;
  }

  /**
   * The code; its arguments are {@link PromptArguments}.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(Unpacker256 unpacker, PromptTile tile, Products products, int tokens) {
    Prompt256 prompt =
        tile.hasUnits()
            ? new WholePrompt256(unpacker, tile, products, tokens)
            : new Prompt256(unpacker, tile, products, tokens);
    return prompt.write();
  }

  static Vec weights(int half) {
    return Vec.ymm(12 + half);
  }

  @Override
  byte[][] constants() {
    return new byte[][] {Avx2.constants(unpacker)[0]};
  }

  @Override
  void begin(Label constants) {
    a.lea(Avx2.CONSTANTS, constants);
    if (unpacker.isSigned()) {
      a.emit(VMOVUPS, ONES, Avx2.ones());
    }
  }

  @Override
  Vec four() {
    return FOUR;
  }

  @Override
  void group(int group) {
    int lines = 8 / tile.groups();
    int together = linesIn16Bits(lines);
    if (together > 0) {
      sumIn16Bits(group * lines, together);
      widen();
      correct(group);
    } else {
      start(group);
    }
    for (int line = group * lines + together; line < (group + 1) * lines; line++) {
      line(line);
    }
    scale(group);
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

  private void signedLine(int line) {
    for (int half = 0; half < 2; half++) {
      signedLine(half, line, ONES, this::dots);
    }
  }

  /**
   * Magnitudes of weights times activations that have taken the weights' signs.
   *
   * @param factors of 16 bits, for the sums of two products
   * @param sums of a half and a token
   */
  void signedLine(int half, int line, Vec factors, BiFunction<Integer, Integer, Vec> sums) {
    Vec w = weights(0);
    Vec magnitude = weights(1);
    a.emit(VMOVUPS, w, tile(half, 32 * line));
    a.emit(VPABSB, magnitude, w);
    for (int t = 0; t < tokens; t++) {
      Vec sum = sums.apply(half, t);
      a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
      a.emit(VPSIGNB, FOUR, FOUR, w);
      a.emit(VPMADDUBSW, FOUR, magnitude, FOUR);
      a.emit(VPMADDWD, FOUR, FOUR, factors);
      a.emit(VPADDD, sum, sum, FOUR);
    }
  }

  /** Some lines, whose sums of pairs fit into 16 bits. */
  void sumIn16Bits(int first, int count) {
    for (int line = first; line < first + count; line++) {
      for (int half = 0; half < 2; half++) {
        a.emit(VMOVUPS, weights(half), tile(half, 32 * line));
      }
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
        if (line == first) {
          a.emit(VPMADDUBSW, dots(0, t), weights(0), FOUR);
          a.emit(VPMADDUBSW, dots(1, t), weights(1), FOUR);
        } else {
          a.emit(VPMADDUBSW, OTHER, weights(0), FOUR);
          a.emit(VPMADDUBSW, FOUR, weights(1), FOUR);
          a.emit(VPADDW, dots(0, t), dots(0, t), OTHER);
          a.emit(VPADDW, dots(1, t), dots(1, t), FOUR);
        }
      }
    }
  }

  private void widen() {
    eachSum((half, t) -> a.emit(VPMADDWD, dots(half, t), dots(half, t), Avx2.ones()));
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
    if (tile.hasMinima()) {
      lessMinima(0, group);
    }
  }

  /**
   * A group's minima.
   *
   * @param block which, from where the tile's and the tokens' addresses are
   */
  void lessMinima(int block, int group) {
    int line = block * tile.blockBytes() + tile.subtracted() + 32 * group;
    int correction = block * PromptBlock.BYTES + PromptBlock.CORRECTIONS + 4 * group;
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, line));
    }
    for (int t = 0; t < tokens; t++) {
      a.emit(VBROADCASTSS, FOUR, activations(t, correction));
      for (int half = 0; half < 2; half++) {
        Vec scaled = tile.span() > 1 ? sum(half, t) : dots(half, t);
        a.emit(VFNMADD231PS, scaled, weights(half), FOUR);
      }
    }
  }
}
