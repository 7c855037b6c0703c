package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPDPBUSD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.Vec.Width;

/** {@link Prompt} in vectors of 512 bits: 32 rows times one to six tokens. */
final class Prompt512 extends Prompt {

  /** Tokens of a call at most. */
  static final int MOST_TOKENS = 6;

  private static final Vec FOUR = Vec.zmm(26);

  private Prompt512(PromptTile tile, int tokens) {
    super(Width.ZMM, tile, tokens, MOST_TOKENS);
  }

  /**
   * The code; its arguments are {@link PromptArguments}.
   *
   * @param tokens 1 to {@link #MOST_TOKENS}
   */
  static byte[] code(PromptTile tile, int tokens) {
    return new Prompt512(tile, tokens).write();
  }

  private static Vec weights(int half) {
    return Vec.zmm(24 + half);
  }

  private static Vec scales(int half) {
    return Vec.zmm(27 + half);
  }

  private static Vec minima(int half) {
    return Vec.zmm(29 + half);
  }

  @Override
  byte[][] constants() {
    return new byte[0][];
  }

  @Override
  void begin(Label constants) {}

  @Override
  Vec four() {
    return FOUR;
  }

  @Override
  void group(int group) {
    start(group);
    int lines = 8 / tile.groups();
    for (int line = group * lines; line < (group + 1) * lines; line++) {
      a.emit(VMOVUPS, weights(0), tile(0, 64 * line));
      a.emit(VMOVUPS, weights(1), tile(1, 64 * line));
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, FOUR, activations(t, 4 * line));
        a.emit(VPDPBUSD, dots(0, t), weights(0), FOUR);
        a.emit(VPDPBUSD, dots(1, t), weights(1), FOUR);
      }
    }
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, scales(half), tile(half, tile.scales() + 64 * group));
      if (tile.hasMinima()) {
        a.emit(VMOVUPS, minima(half), tile(half, tile.subtracted() + 64 * group));
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
}
