package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;

import dev.tonnage.kernel.scalar.ScalarQ6_K;
import java.util.Optional;

/** {@link ScalarQ6_K}: bytes are 32 more than the numbers. */
final class Unpack256Q6_K implements Unpacker256 {

  private static final int NIBBLES = 0;
  private static final int TOP_BITS = 1;
  private static final int LANES = 2;

  @Override
  public String name() {
    return "q6_k";
  }

  @Override
  public int bytes() {
    return ScalarQ6_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(32);
  }

  @Override
  public int most() {
    return 63;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(ScalarQ6_K.D, 1));
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x0f0f0f0f),
      Constants.ints(_ -> 0x30303030),
      Constants.ints(lane -> groups[lane % 8])
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec low = Avx2.T0;
    Vec nextLow = Avx2.T1;
    Vec high = Avx2.T2;
    a.emit(VMOVUPS, low, Mem.at(at, 64 * half));
    a.emit(VMOVUPS, nextLow, Mem.at(at, 64 * half + 32));
    // 32 bytes whose bits 0-1, 2-3, 4-5, 6-7 go on top of four times 32 nibbles
    a.emit(VMOVUPS, high, Mem.at(at, ScalarQ6_K.HIGH + 32 * half));
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      Vec from = v % 2 == 0 ? low : nextLow;
      if (v >= 2) {
        a.shift(VPSRLD, from, from, 4);
      }
      a.emit(VPAND, w, from, Avx2.constant(NIBBLES));
      Vec top = Avx2.T3;
      switch (v) {
        case 0 -> a.shift(VPSLLD, top, high, 4);
        case 1 -> a.shift(VPSLLD, top, high, 2);
        case 2 -> a.emit(VMOVUPS, top, high);
        default -> a.shift(VPSRLD, top, high, 2);
      }
      a.emit(VPAND, top, top, Avx2.constant(TOP_BITS));
      a.emit(VPOR, w, w, top);
    }
    Avx2.transpose(a);
    a.emit(VMOVUPS, Avx2.T0, Avx2.constant(LANES));
    a.emit(VPMOVSXBD, Avx2.T1, Mem.at(at, ScalarQ6_K.SCALES + 8 * half));
    a.emit(VPERMD, Avx2.T1, Avx2.T0, Avx2.T1);
    a.emit(VCVTDQ2PS, Avx2.T1, Avx2.T1);
    Avx2.broadcastHalf(a, Avx2.T0, Mem.at(at, ScalarQ6_K.D));
    a.emit(VMULPS, Avx2.SCALES, Avx2.T1, Avx2.T0);
  }
}
