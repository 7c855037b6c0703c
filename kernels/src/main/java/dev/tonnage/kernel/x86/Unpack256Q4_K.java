package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;

import dev.tonnage.kernel.scalar.ScalarQ4_K;

/**
 * {@link ScalarQ4_K}: of 32 bytes the lower nibbles are one sub-block, the upper ones the next.
 * Lanes in turns take the lower and the upper nibbles of the same bytes.
 */
final class Unpack256Q4_K implements Unpacker256 {

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
  public int most() {
    return 15;
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(scaleConstants());
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    if (half == 0) {
      keepScales(a, at);
    }
    a.emit(VMOVUPS, Avx2.T0, Mem.at(at, ScalarQ4_K.QUANTS + 64 * half));
    a.emit(VMOVUPS, Avx2.T1, Mem.at(at, ScalarQ4_K.QUANTS + 64 * half + 32));
    Nibbles256.split(a);
    takeScales(a, half);
  }

  /** Three that {@link #keepScales} finds behind those of {@link Nibbles256}. */
  static byte[][] scaleConstants() {
    return new byte[][] {
      Constants.ints(_ -> 0x3f3f3f3f),
      Constants.ints(lane -> new int[] {0, 4, 2, 2}[lane % 4]),
      Constants.ints(lane -> lane % 4 < 2 ? 0x0f0f0f0f : 0x30303030)
    };
  }

  /** Eight scales and eight minima of six bits, as {@link ScalarQ4_K} has them, are kept. */
  static void keepScales(X86Assembler a, Gp at) {
    int firstConstant = Nibbles256.CONSTANTS;
    Vec packed = Avx2.T0.x(); // d and dmin, then three times four bytes
    Vec first = Avx2.T1.x();
    Vec last = Avx2.T2.x();
    Vec swapped = Avx2.T3.x();
    a.emit(VMOVUPS, packed, Mem.at(at));
    a.emit(VPSHUFD, first, packed, 0b10_01_10_01); // scales and minima 0-3, with two bits too many
    a.emit(VPAND, first, first, Avx2.constant(firstConstant));
    a.emit(VPSHUFD, last, packed, 0b10_01_11_11);
    a.emit(VPSRLVD, last, last, Avx2.constant(firstConstant + 1));
    a.emit(VPAND, last, last, Avx2.constant(firstConstant + 2));
    a.emit(VPSHUFD, swapped, last, 0b11_10_11_10);
    a.emit(VPOR, last, last, swapped); // scales and minima 4-7
    a.emit(VPUNPCKLDQ, first, first, last);
    a.emit(VPSHUFD, last, first, 0b11_10_11_10);
    keep(a, first, Mem.at(at), 0);
    keep(a, last, Mem.at(at, 2), 32);
  }

  /** Eight bytes times a number in half precision. */
  private static void keep(X86Assembler a, Vec bytes, Mem unit, int offset) {
    Vec factor = Avx2.T0;
    a.emit(VPMOVZXBD, bytes.y(), bytes);
    a.emit(VCVTDQ2PS, bytes.y(), bytes.y());
    Avx2.broadcastHalf(a, factor, unit);
    a.emit(VMULPS, bytes.y(), bytes.y(), factor);
    a.store(VMOVUPS_STORE, Avx2.kept(offset), bytes.y());
  }

  /** Of four sub-blocks, to the lanes of their groups. */
  static void takeScales(X86Assembler a, int half) {
    a.emit(VBROADCASTI128, Avx2.SCALES, Avx2.kept(16 * half));
    a.emit(VBROADCASTI128, Avx2.LESS, Avx2.kept(32 + 16 * half));
  }
}
