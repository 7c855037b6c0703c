package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPS2DQ;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMAXUD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVDB;

/**
 * 32 activations to signed bytes and a scale: the largest magnitude becomes 127, and halves are
 * rounded to even. What is no number makes the scale none.
 */
final class Quantise512 {

  /** Below this, numbers count as zeros: their scale's inverse would be infinite. */
  private static final float LEAST = 1e-36f;

  /** How many of an unpacker's registers hold constants; they begin at the first. */
  static final int CONSTANTS = 3;

  /** The scale, in the lowest lane. */
  static final Vec SCALE = Avx512.T0.x();

  private static final Vec MAGNITUDE = Avx512.constant(0);
  private static final Vec MOST = Avx512.constant(1);
  private static final Vec SMALLEST = Avx512.constant(2);

  private Quantise512() {}

  /** What has to be in the first constants' registers. */
  static byte[][] constants() {
    return new byte[][] {
      Constants.ints(_ -> 0x7fff_ffff), Constants.floats(127), Constants.floats(LEAST)
    };
  }

  /** Stores 32 bytes, in their own order, and leaves {@link #SCALE}. */
  static void block(X86Assembler a, Gp from, int offset, Gp to, int toOffset) {
    Vec lower = Avx512.WEIGHTS.get(0);
    Vec upper = Avx512.WEIGHTS.get(1);
    Vec most = Avx512.T0;
    Vec other = Avx512.T1;
    a.emit(VMOVUPS, lower, Mem.at(from, offset));
    a.emit(VMOVUPS, upper, Mem.at(from, offset + 64));
    // magnitudes compared as integers: there, what is no number is the largest
    a.emit(VPAND, most, lower, MAGNITUDE);
    a.emit(VPAND, other, upper, MAGNITUDE);
    a.emit(VPMAXUD, most, most, other);
    Avx512.reduce(a, VPMAXUD, most, other);
    a.emit(VMAXPS, other.x(), most.x(), SMALLEST.x());
    a.emit(VDIVPS, SCALE, most.x(), MOST.x());
    a.emit(VDIVPS, other.x(), MOST.x(), other.x());
    a.emit(VBROADCASTSS, other, other.x());
    a.emit(VMULPS, lower, lower, other);
    a.emit(VMULPS, upper, upper, other);
    a.emit(VCVTPS2DQ, lower, lower);
    a.emit(VCVTPS2DQ, upper, upper);
    a.store(VPMOVDB, Mem.at(to, toOffset), lower);
    a.store(VPMOVDB, Mem.at(to, toOffset + 16), upper);
  }
}
