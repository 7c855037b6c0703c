package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPS2DQ;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPACKSSDW;
import static dev.tonnage.kernel.x86.Instruction.VPACKUSWB;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMD;
import static dev.tonnage.kernel.x86.Instruction.VPMADDUBSW;
import static dev.tonnage.kernel.x86.Instruction.VPMADDWD;
import static dev.tonnage.kernel.x86.Instruction.VPMAXUD;
import static dev.tonnage.kernel.x86.Instruction.VPMULLD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;

/**
 * Activations, 32 at a time, to signed bytes and a scale: the largest magnitude becomes 127, and
 * halves are rounded to even. What is no number makes the scale none. AVX2 code, for every level
 * above it: the time it takes is nothing beside a matrix's.
 */
final class Quantise {

  /** Below this, numbers count as zeros: their scale's inverse would be infinite. */
  private static final float LEAST = 1e-36f;

  /** The 32 bytes, in their own order. */
  static final Vec BYTES = Vec.ymm(0);

  /** The scale, in the lowest lane. */
  static final Vec SCALE = Vec.xmm(4);

  /** In the lower and the upper half, four times the correction of either sixteen. */
  static final Vec CORRECTIONS = Vec.ymm(1);

  /** For whoever stores these. */
  static final Vec FREE = Vec.ymm(2);

  private static final Vec OTHER = Vec.ymm(5);
  private static final Vec INVERSE = Vec.ymm(6);
  private static final Vec MOST = Vec.ymm(7);

  private static final Vec MAGNITUDE = Vec.ymm(8);
  private static final Vec GREATEST = Vec.ymm(9);
  private static final Vec SMALLEST = Vec.ymm(10);
  private static final Vec LOWEST = Vec.ymm(11);
  private static final Vec ORDER = Vec.ymm(12);
  private static final Vec ONE_BYTES = Vec.ymm(13);
  private static final Vec ONE_WORDS = Vec.ymm(14);
  private static final Vec LESS_BIAS = Vec.ymm(15);

  private Quantise() {}

  /** Constants into their registers, once; they are placed at {@code from}. */
  static void begin(X86Assembler a, Gp from) {
    for (int i = 0; i < 8; i++) {
      a.emit(VMOVUPS, Vec.ymm(8 + i), Mem.at(from, 64 * i));
    }
  }

  /** What has to be placed, for weights that have such an offset. */
  static byte[][] constants(Offset offset) {
    return new byte[][] {
      Constants.ints(_ -> 0x7fff_ffff),
      Constants.floats(127),
      Constants.floats(LEAST),
      Constants.ints(_ -> 0xff),
      Constants.ints(lane -> lane % 2 * 4 + lane % 8 / 2),
      Constants.bytes(_ -> 1),
      Constants.ints(_ -> 0x0001_0001),
      Constants.ints(_ -> -offset.bias())
    };
  }

  /** Leaves {@link #BYTES} and {@link #SCALE}. */
  static void block(X86Assembler a, Gp from, int offset) {
    scale(a, from, offset, 1);
    bytes(a, from, offset);
  }

  /** Leaves {@link #SCALE}, of so many blocks that are quantised next. */
  static void scale(X86Assembler a, Gp from, int offset, int blocks) {
    Vec most = MOST;
    // magnitudes compared as integers: there, what is no number is the largest
    a.emit(VPAND, most, MAGNITUDE, Mem.at(from, offset));
    for (int i = 1; i < 4 * blocks; i++) {
      a.emit(VPAND, OTHER, MAGNITUDE, Mem.at(from, offset + 32 * i));
      a.emit(VPMAXUD, most, most, OTHER);
    }
    Vec other = OTHER.x();
    a.store(VEXTRACTI128, other, most, 1);
    a.emit(VPMAXUD, most.x(), most.x(), other);
    a.emit(VPSHUFD, other, most.x(), 0x4e);
    a.emit(VPMAXUD, most.x(), most.x(), other);
    a.emit(VPSHUFD, other, most.x(), 0xb1);
    a.emit(VPMAXUD, most.x(), most.x(), other);
    a.emit(VMAXPS, other, most.x(), SMALLEST.x());
    a.emit(VDIVPS, SCALE, most.x(), GREATEST.x());
    a.emit(VDIVPS, other, GREATEST.x(), other);
    a.emit(VBROADCASTSS, INVERSE, other);
  }

  /** Leaves {@link #BYTES}, with the scale that was found last. */
  static void bytes(X86Assembler a, Gp from, int offset) {
    for (int i = 0; i < 4; i++) {
      Vec input = Vec.ymm(i);
      a.emit(VMULPS, input, INVERSE, Mem.at(from, offset + 32 * i));
      a.emit(VCVTPS2DQ, input, input);
      a.emit(VPAND, input, input, LOWEST);
    }
    a.emit(VPACKSSDW, Vec.ymm(0), Vec.ymm(0), Vec.ymm(1));
    a.emit(VPACKSSDW, Vec.ymm(2), Vec.ymm(2), Vec.ymm(3));
    a.emit(VPACKUSWB, Vec.ymm(0), Vec.ymm(0), Vec.ymm(2));
    a.emit(VPERMD, BYTES, ORDER, Vec.ymm(0));
  }

  /**
   * Of the sixteens or of all 32 of {@link #BYTES}: {@link #CORRECTIONS}. Where weights have minima
   * they are floats, in units of the scale.
   */
  static void corrections(X86Assembler a, Grouping grouping, Offset offset) {
    Vec sums = CORRECTIONS;
    a.emit(VPMADDUBSW, sums, ONE_BYTES, BYTES);
    a.emit(VPMADDWD, sums, sums, ONE_WORDS);
    for (int order : new int[] {0x4e, 0xb1}) {
      a.emit(VPSHUFD, OTHER, sums, order);
      a.emit(VPADDD, sums, sums, OTHER);
    }
    if (grouping == Grouping.OF_32) {
      a.store(VEXTRACTI128, OTHER.x(), sums, 1);
      a.emit(VPADDD, sums.x(), sums.x(), OTHER.x());
    }
    switch (offset) {
      case Offset.Bias _ -> a.emit(VPMULLD, sums, sums, LESS_BIAS);
      case Offset.Min() -> a.emit(VCVTDQ2PS, sums, sums);
    }
  }

  /** The same, but floats are in no unit. */
  static void scaledCorrections(X86Assembler a, Grouping grouping, Offset offset) {
    corrections(a, grouping, offset);
    switch (offset) {
      case Offset.Bias _ -> {}
      case Offset.Min() -> {
        a.emit(VBROADCASTSS, OTHER, SCALE);
        a.emit(VMULPS, CORRECTIONS, CORRECTIONS, OTHER);
      }
    }
  }
}
