package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPINSRW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSHUFI32X4;

/** {@link dev.tonnage.kernel.scalar.ScalarQ8_0}: signed bytes become unsigned, 128 more. */
final class UnpackQ8_0 implements Blocks512 {

  private static final int BYTES = 34;
  private static final Vec FLIP = Avx512.constant(0);

  @Override
  public String name() {
    return "q8_0";
  }

  @Override
  public int blockBytes() {
    return BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(128);
  }

  @Override
  public int[] groups() {
    return Avx512.transposedGroups();
  }

  @Override
  public byte[][] constants() {
    return new byte[][] {Constants.bytes(_ -> 0x80)};
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    for (int pair = 0; pair < 4; pair++) {
      Vec w = Avx512.WEIGHTS.get(pair);
      int first = 2 * pair * BYTES + 2;
      if (2 * pair + 1 < blocks) {
        a.emit(VMOVUPS, w.y(), Mem.at(at, first));
        a.emit(VINSERTI64X4, w, w, Mem.at(at, first + BYTES), 1);
        a.emit(VPXOR, w, w, FLIP);
      } else if (2 * pair < blocks) {
        a.emit(VMOVUPS, w.y(), Mem.at(at, first));
        a.emit(VPXOR, w, w, FLIP);
      } else {
        a.emit(VPXOR, w, w, w);
      }
    }
    Avx512.transpose(a);
    blockScales(a, at, BYTES, blocks);
  }

  /** Half-precision scales at the begin of up to eight blocks, to the lanes of their groups. */
  static void blockScales(X86Assembler a, Gp at, int blockBytes, int blocks) {
    Vec halves = Avx512.T0.x();
    a.emit(VPXOR, halves, halves, halves);
    for (int block = 0; block < blocks; block++) {
      // after the transposition even blocks are in the lower half of the lanes, twice, odd ones in
      // the upper
      a.emit(VPINSRW, halves, halves, Mem.at(at, block * blockBytes), block % 2 * 4 + block / 2);
    }
    a.emit(VCVTPH2PS, Avx512.T0.y(), halves);
    a.emit(VSHUFI32X4, Avx512.SCALES, Avx512.T0, Avx512.T0, 0b01_01_00_00);
  }
}
