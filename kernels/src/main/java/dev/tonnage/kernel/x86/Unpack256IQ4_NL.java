package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarIQ4_NL;

/** {@link ScalarIQ4_NL}: levels keep their signs or are 128 more, as {@link Unpack256Q8_0}'s. */
final class Unpack256IQ4_NL implements NibbleBlocks256 {

  private static final int TABLE = Nibbles256.CONSTANTS;

  private final Products products;

  Unpack256IQ4_NL(Products products) {
    this.products = products;
  }

  @Override
  public String name() {
    return "iq4_nl";
  }

  @Override
  public int blockBytes() {
    return ScalarIQ4_NL.BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(isSigned() ? 0 : 128);
  }

  @Override
  public boolean isSigned() {
    return products == Products.PAIRS;
  }

  @Override
  public int most() {
    return isSigned() ? 127 : 241;
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(Nibbles256.table(products));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Nibbles256.blocks(a, at, ScalarIQ4_NL.BYTES, ScalarIQ4_NL.QUANTS, half, blocks);
    Nibbles256.choose(a, TABLE);
    Nibbles256.blockHalves(a, Avx2.SCALES, at, ScalarIQ4_NL.BYTES, 0, half, blocks);
  }
}
