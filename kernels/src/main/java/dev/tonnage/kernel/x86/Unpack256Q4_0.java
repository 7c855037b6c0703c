package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarQ4_0;

/** {@link ScalarQ4_0}: bytes are 8 more than the numbers. */
final class Unpack256Q4_0 implements NibbleBlocks256 {

  @Override
  public String name() {
    return "q4_0";
  }

  @Override
  public int blockBytes() {
    return ScalarQ4_0.BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(8);
  }

  @Override
  public int most() {
    return 15;
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Nibbles256.blocks(a, at, ScalarQ4_0.BYTES, ScalarQ4_0.QUANTS, half, blocks);
    Nibbles256.blockHalves(a, Avx2.SCALES, at, ScalarQ4_0.BYTES, 0, half, blocks);
  }
}
