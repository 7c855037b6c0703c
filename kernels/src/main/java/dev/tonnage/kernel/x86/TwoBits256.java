package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

/** Weights of two bits: 32 bytes hold four times 32 of them, the lowest bits the first. */
final class TwoBits256 {

  private static final int SHIFTS = 0;
  private static final int TWO_BITS = 1;

  private TwoBits256() {}

  /** An unpacker's constants, the first of which are these. */
  static byte[][] constants(byte[]... others) {
    byte[][] all = new byte[2 + others.length][];
    all[SHIFTS] = Constants.ints(lane -> lane % 4 * 2);
    all[TWO_BITS] = Constants.ints(_ -> 0x03030303);
    System.arraycopy(others, 0, all, 2, others.length);
    return all;
  }

  /** Half a record. */
  static void unpack(X86Assembler a, Mem packed) {
    a.emit(VMOVUPS, Avx2.T0, packed);
    a.emit(VMOVUPS, Avx2.T1, Avx2.constant(SHIFTS));
    a.emit(VMOVUPS, Avx2.T2, Avx2.constant(TWO_BITS));
    for (int u = 0; u < 4; u++) {
      Vec w = Avx2.WEIGHTS.get(u);
      a.emit(VPSHUFD, w, Avx2.T0, u * 0b01_01_01_01);
      a.emit(VPSRLVD, w, w, Avx2.T1);
      a.emit(VPAND, w, w, Avx2.T2);
    }
  }
}
