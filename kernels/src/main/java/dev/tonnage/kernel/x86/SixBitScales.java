package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPROLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import java.util.function.IntUnaryOperator;

/**
 * Scales of six bits less 32, of which four bits lie in one byte and two in another of the same
 * sixteen.
 */
final class SixBitScales {

  /** How many constants this needs. */
  static final int CONSTANTS = 7;

  private final int firstConstant;
  private final IntUnaryOperator lowByte;
  private final IntUnaryOperator lowShift;
  private final IntUnaryOperator highByte;
  private final IntUnaryOperator highShift;

  /**
   * @param firstConstant index of the first constant
   * @param lowByte by lane, which byte has the lower four bits
   * @param lowShift at which of its bits they begin
   * @param highByte which byte has the upper two bits
   * @param highShift at which of its bits they begin
   */
  SixBitScales(
      int firstConstant,
      IntUnaryOperator lowByte,
      IntUnaryOperator lowShift,
      IntUnaryOperator highByte,
      IntUnaryOperator highShift) {
    this.firstConstant = firstConstant;
    this.lowByte = lowByte;
    this.lowShift = lowShift;
    this.highByte = highByte;
    this.highShift = highShift;
  }

  /** Puts the constants where they belong. */
  void addTo(byte[][] constants) {
    constants[firstConstant] = Constants.bytesToInts(lowByte);
    constants[firstConstant + 1] = Constants.ints(lowShift);
    constants[firstConstant + 2] = Constants.ints(_ -> 15);
    constants[firstConstant + 3] = Constants.bytesToInts(highByte);
    constants[firstConstant + 4] = Constants.ints(lane -> 4 - highShift.applyAsInt(lane));
    constants[firstConstant + 5] = Constants.ints(_ -> 0x30);
    constants[firstConstant + 6] = Constants.ints(_ -> 32);
  }

  /**
   * Times d.
   *
   * @param packed sixteen bytes
   */
  void unpack(X86Assembler a, Mem packed, Mem d) {
    Vec high = Avx512.T0;
    Vec scales = Avx512.SCALES;
    a.emit(VBROADCASTI128, high, packed);
    a.emit(VPSHUFB, scales, high, Avx512.operand(firstConstant));
    a.emit(VPSHUFB, high, high, Avx512.operand(firstConstant + 3));
    a.emit(VPSRLVD, scales, scales, Avx512.operand(firstConstant + 1));
    a.emit(VPROLVD, high, high, Avx512.operand(firstConstant + 4));
    a.emit(VPAND, scales, scales, Avx512.operand(firstConstant + 2));
    a.emit(VPTERNLOGD, scales, high, Avx512.operand(firstConstant + 5), Avx512.OR_AND);
    a.emit(VPSUBD, scales, scales, Avx512.operand(firstConstant + 6));
    a.emit(VCVTDQ2PS, scales, scales);
    Avx512.broadcastHalf(a, high, d);
    a.emit(VMULPS, scales, scales, high);
  }
}
