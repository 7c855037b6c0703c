package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarTQ2_0;

/** {@link ScalarTQ2_0}: bytes are 1 more than the numbers. */
final class UnpackTQ2_0 implements Unpacker {

  @Override
  public String name() {
    return "tq2_0";
  }

  @Override
  public int bytes() {
    return ScalarTQ2_0.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(1);
  }

  @Override
  public int[] groups() {
    return TwoBits.groups();
  }

  @Override
  public byte[][] constants() {
    return TwoBits.constants();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    TwoBits.unpack(a, Mem.at(at));
    Avx512.broadcastHalf(a, Avx512.SCALES, Mem.at(at, ScalarTQ2_0.D));
  }
}
