package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarQ5_1;

/** {@link ScalarQ5_1}. */
final class UnpackQ5_1 implements Blocks512 {

  private static final SmallBlocks BLOCKS = new SmallBlocks(ScalarQ5_1.BYTES);
  private static final int PLACES = Nibbles.CONSTANTS;
  private static final int FIRST_PLACES = PLACES + 2;
  private static final int MINIMA = FIRST_PLACES + 2;
  private static final int FIFTH_BITS = MINIMA + BlockMinima.CONSTANTS;
  private static final int CONSTANTS = FIFTH_BITS + FifthBits.CONSTANTS;

  @Override
  public String name() {
    return "q5_1";
  }

  @Override
  public int blockBytes() {
    return ScalarQ5_1.BYTES;
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
    BLOCKS.addTo(constants, PLACES, ScalarQ5_1.QUANTS);
    BLOCKS.addTo(constants, FIRST_PLACES, 0);
    BlockMinima.addTo(constants, MINIMA);
    FifthBits.addTo(constants, FIFTH_BITS, ScalarQ5_1.HIGH);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    BLOCKS.load(a, at, blocks);
    BLOCKS.pieces(a, at, ScalarQ5_1.QUANTS, PLACES, blocks);
    Nibbles.unpack(a);
    BLOCKS.pieces(a, at, 0, FIRST_PLACES, blocks);
    FifthBits.put(a, FIFTH_BITS);
    BlockMinima.unpack(a, MINIMA);
  }
}
