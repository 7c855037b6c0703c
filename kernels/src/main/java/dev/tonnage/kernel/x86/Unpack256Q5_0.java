package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarQ5_0;

/** {@link ScalarQ5_0}: bytes are 16 more than the numbers. */
final class Unpack256Q5_0 implements NibbleBlocks256 {

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
  public int most() {
    return 31;
  }

  @Override
  public byte[][] constants() {
    return FifthBits256.constants();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Nibbles256.blocks(a, at, ScalarQ5_0.BYTES, ScalarQ5_0.QUANTS, half, blocks);
    FifthBits256.add(a, at, ScalarQ5_0.BYTES, ScalarQ5_0.HIGH, half, blocks);
    Nibbles256.blockHalves(a, Avx2.SCALES, at, ScalarQ5_0.BYTES, 0, half, blocks);
  }
}
