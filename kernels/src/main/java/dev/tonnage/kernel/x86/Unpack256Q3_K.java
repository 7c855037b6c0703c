package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBB;

import dev.tonnage.kernel.scalar.ScalarQ3_K;
import java.util.Optional;

/** {@link ScalarQ3_K}: bytes are 4 more than the numbers. */
final class Unpack256Q3_K implements Unpacker256 {

  private static final int TWO_BITS = 0;
  private static final int THIRD = 1;
  private static final int NIBBLES = 2;
  private static final int TOP_BITS = 3;
  private static final int TOP_SHIFTS = 4;
  private static final int BIAS = 5;
  private static final int LANES = 6;

  @Override
  public String name() {
    return "q3_k";
  }

  @Override
  public int bytes() {
    return ScalarQ3_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(4);
  }

  @Override
  public int most() {
    return 7;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(ScalarQ3_K.D, 1));
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x03030303),
      Constants.ints(_ -> 0x04040404),
      Constants.ints(_ -> 0x0f0f0f0f),
      Constants.ints(_ -> 0x30303030),
      // to the left for the first half of a record, to the right for the second
      Constants.ints(lane -> lane < 8 ? 4 - lane % 2 * 2 : lane % 2 * 2),
      Constants.bytes(_ -> 32),
      Constants.bytes(lane -> groups[lane % 8])
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec quants = Avx2.T0;
    Vec high = Avx2.T1;
    Vec third = Avx2.T2;
    a.emit(VMOVUPS, quants, Mem.at(at, ScalarQ3_K.QUANTS + 32 * half));
    a.emit(VMOVUPS, high, Mem.at(at));
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      a.emit(VPAND, w, quants, Avx2.constant(TWO_BITS));
      if (v < 3) {
        a.shift(VPSRLD, quants, quants, 2);
      }
      int bit = 4 * half + v;
      if (bit < 2) {
        a.shift(VPSLLD, third, high, 2 - bit);
      } else {
        a.shift(VPSRLD, third, high, bit - 2);
      }
      a.emit(VPAND, third, third, Avx2.constant(THIRD));
      a.emit(VPOR, w, w, third);
    }
    Avx2.transpose(a);
    scales(a, at, half);
  }

  /** Eight signed scales of six bits: see {@link ScalarQ3_K#lowerScales}. */
  private static void scales(X86Assembler a, Gp at, int half) {
    Vec low = Avx2.T0.x();
    Vec top = Avx2.T1.x();
    a.emit(VMOVUPS, low, Mem.at(at, ScalarQ3_K.SCALES - 4)); // up to the block's own d
    a.emit(VPSHUFD, top, low, 0b11_11_11_11);
    a.emit(VPSHUFD, low, low, 0b10_01_10_01);
    if (half == 1) {
      a.shift(VPSRLD, low, low, 4);
    }
    a.emit(VPAND, low, low, Avx2.constant(NIBBLES));
    a.emit(half == 0 ? VPSLLVD : VPSRLVD, top, top, Avx2.constant(TOP_SHIFTS, half));
    a.emit(VPAND, top, top, Avx2.constant(TOP_BITS));
    a.emit(VPOR, low, low, top);
    a.emit(VPSUBB, low, low, Avx2.constant(BIAS));
    a.emit(VPSHUFB, low, low, Avx2.constant(LANES));
    a.emit(VPMOVSXBD, Avx2.SCALES, low);
    a.emit(VCVTDQ2PS, Avx2.SCALES, Avx2.SCALES);
    Avx2.broadcastHalf(a, Avx2.T1, Mem.at(at, ScalarQ3_K.D));
    a.emit(VMULPS, Avx2.SCALES, Avx2.SCALES, Avx2.T1);
  }
}
