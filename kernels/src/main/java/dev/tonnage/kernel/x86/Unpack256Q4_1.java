package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.ScalarQ4_1;

/** {@link ScalarQ4_1}: what is added becomes what is subtracted. */
final class Unpack256Q4_1 implements NibbleBlocks256 {

  private static final int SIGN = Nibbles256.CONSTANTS;

  @Override
  public String name() {
    return "q4_1";
  }

  @Override
  public int blockBytes() {
    return ScalarQ4_1.BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int most() {
    return 15;
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(Constants.ints(_ -> 0x8000_0000));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Nibbles256.blocks(a, at, ScalarQ4_1.BYTES, ScalarQ4_1.QUANTS, half, blocks);
    Nibbles256.blockHalves(a, Avx2.SCALES, at, ScalarQ4_1.BYTES, 0, half, blocks);
    Nibbles256.blockHalves(a, Avx2.LESS, at, ScalarQ4_1.BYTES, ScalarQ4_1.M, half, blocks);
    a.emit(VPXOR, Avx2.LESS, Avx2.LESS, Avx2.constant(SIGN));
  }
}
