package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;

import dev.tonnage.kernel.scalar.ScalarQ2_K;
import java.util.Arrays;

/** {@link ScalarQ2_K}. */
final class UnpackQ2_K implements Unpacker {

  private static final Vec SCALE_LANES = Avx512.constant(TwoBits.CONSTANTS);
  private static final Vec NIBBLE = Avx512.constant(TwoBits.CONSTANTS + 1);

  @Override
  public String name() {
    return "q2_k";
  }

  @Override
  public int bytes() {
    return ScalarQ2_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int[] groups() {
    return TwoBits.groups();
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    byte[][] constants = Arrays.copyOf(TwoBits.constants(), TwoBits.CONSTANTS + 2);
    constants[TwoBits.CONSTANTS] = Constants.bytesToInts(lane -> groups[lane]);
    constants[TwoBits.CONSTANTS + 1] = Constants.ints(_ -> 15);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    TwoBits.unpack(a, Mem.at(at, ScalarQ2_K.QUANTS));
    a.emit(VBROADCASTI128, Avx512.T0, Mem.at(at));
    a.emit(VPSHUFB, Avx512.T0, Avx512.T0, SCALE_LANES);
    a.emit(VPAND, Avx512.SCALES, Avx512.T0, NIBBLE);
    a.shift(VPSRLD, Avx512.LESS, Avx512.T0, 4);
    a.emit(VCVTDQ2PS, Avx512.SCALES, Avx512.SCALES);
    a.emit(VCVTDQ2PS, Avx512.LESS, Avx512.LESS);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at, ScalarQ2_K.D));
    Avx512.broadcastHalf(a, Avx512.T1, Mem.at(at, ScalarQ2_K.DMIN));
    a.emit(VMULPS, Avx512.SCALES, Avx512.SCALES, Avx512.T0);
    a.emit(VMULPS, Avx512.LESS, Avx512.LESS, Avx512.T1);
  }
}
