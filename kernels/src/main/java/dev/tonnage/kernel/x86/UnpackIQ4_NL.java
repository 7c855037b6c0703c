package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarIQ4_NL;

/** {@link ScalarIQ4_NL}: blocks are those of {@link UnpackQ4_0}, nibbles choose levels. */
final class UnpackIQ4_NL implements Blocks512 {

  private static final Vec LEVELS = Avx512.constant(ScaledNibbles.CONSTANTS);

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
    return new Offset.Bias(128);
  }

  @Override
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = ScaledNibbles.constants(1);
    constants[ScaledNibbles.CONSTANTS] = Nibbles.levels(ScalarIQ4_NL.levels(), offset());
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    ScaledNibbles.unpack(a, at, blocks);
    Nibbles.choose(a, LEVELS);
  }
}
