package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarQ4_1;

/** {@link ScalarQ4_1}. */
final class UnpackQ4_1 implements Blocks512 {

  private static final SmallBlocks BLOCKS = new SmallBlocks(ScalarQ4_1.BYTES);
  private static final int PLACES = Nibbles.CONSTANTS;
  private static final int FIRST_PLACES = PLACES + 2;
  private static final int MINIMA = FIRST_PLACES + 2;
  private static final int CONSTANTS = MINIMA + BlockMinima.CONSTANTS;

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
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Nibbles.constants(CONSTANTS - Nibbles.CONSTANTS);
    BLOCKS.addTo(constants, PLACES, ScalarQ4_1.QUANTS);
    BLOCKS.addTo(constants, FIRST_PLACES, 0);
    BlockMinima.addTo(constants, MINIMA);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    BLOCKS.load(a, at, blocks);
    BLOCKS.pieces(a, at, ScalarQ4_1.QUANTS, PLACES, blocks);
    Nibbles.unpack(a);
    BLOCKS.pieces(a, at, 0, FIRST_PLACES, blocks);
    BlockMinima.unpack(a, MINIMA);
  }
}
