package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.ScalarQ6_K;

/** {@link ScalarQ6_K}: bytes are 32 more than the numbers. */
final class UnpackQ6_K implements Unpacker {

  private static final Vec NIBBLES = Avx512.constant(0);
  private static final Vec SIX_BITS = Avx512.constant(1);
  private static final Vec UP = Avx512.constant(2);
  private static final Vec DOWN = Avx512.constant(3);
  private static final Vec LANES = Avx512.constant(4);

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
  public int[] groups() {
    return Avx512.transposedGroups();
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x0f0f0f0f),
      Constants.ints(_ -> 0x3f3f3f3f),
      Constants.ints(lane -> lane < 8 ? 4 : 2),
      Constants.ints(lane -> lane < 8 ? 0 : 2),
      Constants.bytes(lane -> groups[lane % 16])
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    for (int half = 0; half < 2; half++) {
      a.emit(VMOVUPS, Avx512.T0, Mem.at(at, 64 * half));
      // 32 bytes whose bits 0-1, 2-3, 4-5, 6-7 go on top of four times 32 nibbles
      a.emit(VBROADCASTI64X4, Avx512.T1, Mem.at(at, ScalarQ6_K.HIGH + 32 * half));
      a.emit(VPSLLVD, Avx512.T2, Avx512.T1, UP);
      join(a, Avx512.WEIGHTS.get(2 * half));
      a.emit(VPSRLVD, Avx512.T2, Avx512.T1, DOWN);
      a.shift(VPSRLD, Avx512.T0, Avx512.T0, 4);
      join(a, Avx512.WEIGHTS.get(2 * half + 1));
    }
    Avx512.transpose(a);
    a.emit(VMOVUPS, Avx512.T0.x(), Mem.at(at, ScalarQ6_K.SCALES));
    a.emit(VPSHUFB, Avx512.T0.x(), Avx512.T0.x(), LANES.x());
    a.emit(VPMOVSXBD, Avx512.SCALES, Avx512.T0.x());
    a.emit(VCVTDQ2PS, Avx512.SCALES, Avx512.SCALES);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at, ScalarQ6_K.D));
    a.emit(VMULPS, Avx512.SCALES, Avx512.SCALES, Avx512.T0);
  }

  /** The lower nibbles of T0 under bits 4-5 of T2. */
  private static void join(X86Assembler a, Vec to) {
    a.emit(VMOVUPS, to, NIBBLES);
    a.emit(VPTERNLOGD, to, Avx512.T0, Avx512.T2, Avx512.SELECT);
    a.emit(VPAND, to, to, SIX_BITS);
  }
}
