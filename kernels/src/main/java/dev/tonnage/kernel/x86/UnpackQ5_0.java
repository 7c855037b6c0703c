package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;

import dev.tonnage.kernel.scalar.ScalarQ5_0;

/** {@link ScalarQ5_0}: bytes are 16 more than the numbers. */
final class UnpackQ5_0 implements Blocks512 {

  private static final SmallBlocks BLOCKS = new SmallBlocks(ScalarQ5_0.BYTES);
  private static final int PLACES = Nibbles.CONSTANTS;
  private static final int FIRST_PLACES = PLACES + 2;
  private static final int SCALES = FIRST_PLACES + 2;
  private static final int FIFTH_BITS = SCALES + 1;
  private static final int CONSTANTS = FIFTH_BITS + FifthBits.CONSTANTS;

  @Override
  public String name() {
    return "q5_0";
  }

  @Override
  public int blockBytes() {
    return ScalarQ5_0.BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(16);
  }

  @Override
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Nibbles.constants(CONSTANTS - Nibbles.CONSTANTS);
    BLOCKS.addTo(constants, PLACES, ScalarQ5_0.QUANTS);
    BLOCKS.addTo(constants, FIRST_PLACES, 0);
    constants[SCALES] = Constants.words(word -> 8 * Nibbles.block(word));
    FifthBits.addTo(constants, FIFTH_BITS, ScalarQ5_0.HIGH);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    BLOCKS.load(a, at, blocks);
    BLOCKS.pieces(a, at, ScalarQ5_0.QUANTS, PLACES, blocks);
    Nibbles.unpack(a);
    BLOCKS.pieces(a, at, 0, FIRST_PLACES, blocks);
    FifthBits.put(a, FIFTH_BITS);
    Vec scales = Avx512.SCALES;
    a.emit(VMOVUPS, scales, Avx512.operand(SCALES));
    a.emit(VPERMI2W, scales, Avx512.T0, Avx512.T1);
    a.emit(VCVTPH2PS, scales, scales.y());
  }
}
