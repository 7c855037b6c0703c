package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;

import dev.tonnage.kernel.scalar.ScalarQ2_K;
import java.util.Optional;

/** {@link ScalarQ2_K}: four lanes take the four numbers of the same bytes. */
final class Unpack256Q2_K implements Unpacker256 {

  private static final int LANES = 2;
  private static final int NIBBLE = 3;

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
  public int most() {
    return 3;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(ScalarQ2_K.D, 1));
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return TwoBits256.constants(Constants.ints(lane -> groups[lane % 8]), Constants.ints(_ -> 15));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    TwoBits256.unpack(a, Mem.at(at, ScalarQ2_K.QUANTS + 32 * half));
    Vec both = Avx2.T1;
    a.emit(VMOVUPS, Avx2.T0, Avx2.constant(LANES));
    a.emit(VPMOVZXBD, both, Mem.at(at, 8 * half));
    a.emit(VPERMD, both, Avx2.T0, both);
    a.emit(VPAND, Avx2.SCALES, both, Avx2.constant(NIBBLE));
    a.shift(VPSRLD, Avx2.LESS, both, 4);
    a.emit(VCVTDQ2PS, Avx2.SCALES, Avx2.SCALES);
    a.emit(VCVTDQ2PS, Avx2.LESS, Avx2.LESS);
    Avx2.broadcastHalf(a, Avx2.T0, Mem.at(at, ScalarQ2_K.D));
    Avx2.broadcastHalf(a, Avx2.T1, Mem.at(at, ScalarQ2_K.DMIN));
    a.emit(VMULPS, Avx2.SCALES, Avx2.SCALES, Avx2.T0);
    a.emit(VMULPS, Avx2.LESS, Avx2.LESS, Avx2.T1);
  }
}
