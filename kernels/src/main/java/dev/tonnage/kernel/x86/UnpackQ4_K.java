package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;

import dev.tonnage.kernel.scalar.ScalarQ4_K;

/**
 * {@link ScalarQ4_K}: of 32 bytes the lower nibbles are one sub-block, the upper ones the next. The
 * lower eight lanes take lower nibbles, the upper eight the upper nibbles of the same bytes.
 */
final class UnpackQ4_K implements Unpacker {

  private static final Vec SHIFTS = Avx512.constant(4);
  private static final Vec NIBBLES = Avx512.constant(5);
  private static final Vec SIX_BITS = Avx512.constant(6);
  private static final Vec UPPER_SHIFTS = Avx512.constant(7);
  private static final Vec UPPER_BITS = Avx512.constant(8);
  private static final Vec SCALE_LANES = Avx512.constant(9);
  private static final Vec MIN_LANES = Avx512.constant(10);

  @Override
  public String name() {
    return "q4_k";
  }

  @Override
  public int bytes() {
    return ScalarQ4_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int[] groups() {
    int[] groups = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      groups[lane] = 2 * sub(lane) + lane % 2;
    }
    return groups;
  }

  /** The sub-block of a lane. */
  static int sub(int lane) {
    return 2 * (lane % 8 / 2) + lane / 8;
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = new byte[11][];
    for (int u = 0; u < 4; u++) {
      int dword = u;
      // of 32: which four bytes a lane takes for vector u
      constants[u] = Constants.ints(lane -> lane % 8 / 2 * 8 + lane % 2 * 4 + dword);
    }
    constants[4] = Constants.ints(lane -> lane / 8 * 4);
    constants[5] = Constants.ints(_ -> 0x0f0f0f0f);
    constants[6] = Constants.ints(_ -> 0x3f3f3f3f);
    constants[7] = Constants.ints(lane -> new int[] {0, 4, 2, 2}[lane % 4]);
    constants[8] = Constants.ints(lane -> lane % 4 < 2 ? 0x0f0f0f0f : 0x30303030);
    constants[9] = Constants.bytes(lane -> sub(lane % 16));
    constants[10] = Constants.bytes(lane -> 8 + sub(lane % 16));
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    nibbles(a, at, ScalarQ4_K.QUANTS);
    scales(a, at);
  }

  /** The nibbles of 128 bytes, to their lanes. */
  static void nibbles(X86Assembler a, Gp at, int offset) {
    a.emit(VMOVUPS, Avx512.T0, Mem.at(at, offset));
    a.emit(VMOVUPS, Avx512.T1, Mem.at(at, offset + 64));
    for (int u = 0; u < 4; u++) {
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VMOVUPS, w, Avx512.constant(u));
      a.emit(VPERMI2D, w, Avx512.T0, Avx512.T1);
      a.emit(VPSRLVD, w, w, SHIFTS);
      a.emit(VPAND, w, w, NIBBLES);
    }
  }

  /** Eight scales and eight minima of six bits, as {@link ScalarQ4_K} has them. */
  static void scales(X86Assembler a, Gp at) {
    Vec packed = Avx512.T0.x(); // d and dmin, then three times four bytes
    Vec first = Avx512.T1.x();
    Vec last = Avx512.T2.x();
    Vec swapped = Avx512.T3.x();
    a.emit(VMOVUPS, packed, Mem.at(at));
    a.emit(VPSHUFD, first, packed, 0b10_01_10_01); // scales and minima 0-3, with two bits too many
    a.emit(VPAND, first, first, SIX_BITS.x());
    a.emit(VPSHUFD, last, packed, 0b10_01_11_11);
    a.emit(VPSRLVD, last, last, UPPER_SHIFTS.x());
    a.emit(VPAND, last, last, UPPER_BITS.x());
    a.emit(VPSHUFD, swapped, last, 0b11_10_11_10);
    a.emit(VPOR, last, last, swapped); // scales and minima 4-7
    a.emit(VPUNPCKLDQ, first, first, last);
    a.emit(VPSHUFB, last, first, SCALE_LANES.x());
    a.emit(VPSHUFB, first, first, MIN_LANES.x());
    a.emit(VPMOVZXBD, Avx512.SCALES, last);
    a.emit(VPMOVZXBD, Avx512.LESS, first);
    a.emit(VCVTDQ2PS, Avx512.SCALES, Avx512.SCALES);
    a.emit(VCVTDQ2PS, Avx512.LESS, Avx512.LESS);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    Avx512.broadcastHalf(a, Avx512.T1, Mem.at(at, 2));
    a.emit(VMULPS, Avx512.SCALES, Avx512.SCALES, Avx512.T0);
    a.emit(VMULPS, Avx512.LESS, Avx512.LESS, Avx512.T1);
  }
}
