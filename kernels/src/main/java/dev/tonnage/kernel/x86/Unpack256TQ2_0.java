package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.scalar.ScalarTQ2_0;
import java.util.Optional;

/** {@link ScalarTQ2_0}: bytes are 1 more than the numbers. */
final class Unpack256TQ2_0 implements Unpacker256 {

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
  public int most() {
    return 2;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(ScalarTQ2_0.D, 1));
  }

  @Override
  public byte[][] constants() {
    return TwoBits256.constants();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    TwoBits256.unpack(a, Mem.at(at, 32 * half));
    Avx2.broadcastHalf(a, Avx2.SCALES, Mem.at(at, ScalarTQ2_0.D));
  }
}
