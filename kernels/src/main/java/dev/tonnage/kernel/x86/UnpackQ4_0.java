package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarQ4_0;

/** {@link ScalarQ4_0}: bytes are 8 more than the numbers. */
final class UnpackQ4_0 implements Blocks512 {

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
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    return ScaledNibbles.constants(0);
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    ScaledNibbles.unpack(a, at, blocks);
  }
}
