package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;

import dev.tonnage.kernel.scalar.ScalarQ4_0;

/** Blocks of a half-precision scale and sixteen bytes of {@link Nibbles}: 18 bytes. */
final class ScaledNibbles {

  /** How many constants this needs, the first ones. */
  static final int CONSTANTS = Nibbles.CONSTANTS + 4;

  private static final SmallBlocks BLOCKS = new SmallBlocks(ScalarQ4_0.BYTES);
  private static final int PLACES = Nibbles.CONSTANTS;
  private static final int SCALES = PLACES + 2;
  private static final int LAST_SCALES = PLACES + 3;

  private ScaledNibbles() {}

  /** The constants, and room for more of them. */
  static byte[][] constants(int more) {
    byte[][] constants = Nibbles.constants(4 + more);
    BLOCKS.addTo(constants, PLACES, ScalarQ4_0.QUANTS);
    // all eight scales are in the first 128 bytes, of which these are 16 bits each
    constants[SCALES] = Constants.words(lane -> ScalarQ4_0.BYTES / 2 * Nibbles.block(lane));
    constants[LAST_SCALES] = Constants.words(lane -> 8 * Nibbles.block(lane));
    return constants;
  }

  /** Nibbles to the weights, and their scales. */
  static void unpack(X86Assembler a, Gp at, int blocks) {
    BLOCKS.load(a, at, blocks);
    BLOCKS.pieces(a, at, ScalarQ4_0.QUANTS, PLACES, blocks);
    Nibbles.unpack(a);
    Vec scales = Avx512.SCALES;
    if (blocks == 8) {
      a.emit(VMOVUPS, scales, Avx512.operand(SCALES));
      a.emit(VPERMI2W, scales, Avx512.T2, Avx512.T3);
    } else {
      SmallBlocks.oneByOne(a, Mem.at(at), ScalarQ4_0.BYTES, blocks);
      a.emit(VMOVUPS, scales, Avx512.operand(LAST_SCALES));
      a.emit(VPERMI2W, scales, Avx512.T0, Avx512.T1);
    }
    a.emit(VCVTPH2PS, scales, scales.y());
  }
}
