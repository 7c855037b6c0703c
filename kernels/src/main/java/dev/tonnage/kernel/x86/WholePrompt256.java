package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPMADDWD;

import dev.tonnage.kernel.asm.CodeBuffer.Label;

/**
 * {@link Prompt256} of tiles whose scales are whole multiples of a unit: sums of 16 bits are
 * multiplied with them as they are widened, and added to those of the span, which stay whole until
 * its end.
 */
final class WholePrompt256 extends Prompt256 {

  WholePrompt256(Unpacker256 unpacker, PromptTile tile, Products products, int tokens) {
    super(unpacker, tile, products, tokens);
  }

  @Override
  void begin(Label constants) {}

  @Override
  void group(int group) {
    int lines = 8 / tile.groups();
    int first = group * lines;
    if (unpacker.isSigned()) {
      signedLines(group, first, lines);
    } else {
      int end = first + lines;
      int together = Math.max(1, Products.sumsIn16Bits(unpacker.most()));
      for (int line = first; line < end; line += together) {
        sumIn16Bits(line, Math.min(together, end - line));
        addTimes(tile.scales() + 32 * group);
      }
    }
    if (tile.hasBias() && group + 1 == tile.groups()) {
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, dots(0, t), activations(t, PromptBlock.CORRECTIONS));
        a.emit(VMOVUPS, dots(1, t), dots(0, t));
      }
      addTimes(tile.subtracted());
    }
  }

  /** Pairs of 16 bits times a line's are added to the sums. */
  private void addTimes(int line) {
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, line));
    }
    eachSum((half, t) -> a.emit(VPMADDWD, dots(half, t), dots(half, t), weights(half)));
    eachSum((half, t) -> a.emit(VPADDD, sum(half, t), sum(half, t), dots(half, t)));
  }

  /** The same, where no two products of magnitudes fit into 16 bits. */
  private void signedLines(int group, int first, int lines) {
    Vec scales = OTHER;
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, scales, tile(half, tile.scales() + 32 * group));
      for (int line = first; line < first + lines; line++) {
        signedLine(half, line, scales, this::sum);
      }
    }
  }

  /** Of floats there is one for each row: its unit, and for the blocks of the span its minima. */
  @Override
  void endSpan() {
    int before = -tile.span() * tile.blockBytes();
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, weights(half), tile(half, before + tile.units()));
    }
    eachSum((half, t) -> {
      Vec sum = sum(half, t);
      a.emit(VCVTDQ2PS, sum, sum);
      a.emit(VMULPS, sum, sum, weights(half));
    });
    for (int block = -tile.span(); block < 0 && tile.hasMinima(); block++) {
      for (int group = 0; group < tile.groups(); group++) {
        lessMinima(block, group);
      }
    }
  }
}
