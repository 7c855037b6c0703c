package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPINSRW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLWD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSHUFPS;

import dev.tonnage.kernel.scalar.ScalarIQ4_NL;

/**
 * Weights of four bits, two a byte: four times sixteen bytes become the weights of eight lanes,
 * which in turns take the lower and the upper nibbles of the same bytes. Four shuffles, where
 * turning nibbles that are split already takes eight.
 */
final class Nibbles256 {

  /** How many of an unpacker's constants are these: the first. */
  static final int CONSTANTS = 2;

  private static final int SHIFTS = 0;
  private static final int NIBBLES = 1;

  private Nibbles256() {}

  /** An unpacker's constants, the first of which are these. */
  static byte[][] constants(byte[]... others) {
    byte[][] all = new byte[CONSTANTS + others.length][];
    all[SHIFTS] = Constants.ints(lane -> lane % 2 * 4);
    all[NIBBLES] = Constants.ints(_ -> 0x0f0f0f0f);
    System.arraycopy(others, 0, all, CONSTANTS, others.length);
    return all;
  }

  /**
   * Of the bytes in T0 and T1 the nibbles, to the weights: in each 128 bits first two lanes of T0's
   * sixteen bytes, then two of T1's.
   */
  static void split(X86Assembler a) {
    Vec shifts = Avx2.T3;
    Vec nibbles = Avx2.T2;
    a.emit(VMOVUPS, shifts, Avx2.constant(SHIFTS));
    a.emit(VMOVUPS, nibbles, Avx2.constant(NIBBLES));
    for (int u = 0; u < 4; u++) {
      Vec w = Avx2.WEIGHTS.get(u);
      a.emit(VSHUFPS, w, Avx2.T0, Avx2.T1, u * 0b01_01_01_01);
      a.emit(VPSRLVD, w, w, shifts);
      a.emit(VPAND, w, w, nibbles);
    }
  }

  /**
   * Of up to four blocks the sixteen bytes that hold 32 weights, split.
   *
   * @param offset of those in a block
   */
  static void blocks(X86Assembler a, Gp at, int blockBytes, int offset, int half, int blocks) {
    for (int b = 0; b < 2; b++) {
      Vec pair = b == 0 ? Avx2.T0 : Avx2.T1;
      int block = 4 * half + b;
      if (block < blocks) {
        a.emit(VMOVUPS, pair.x(), Mem.at(at, block * blockBytes + offset));
      } else {
        a.emit(VPXOR, pair, pair, pair);
      }
      if (block + 2 < blocks) {
        a.emit(VINSERTI128, pair, pair, Mem.at(at, (block + 2) * blockBytes + offset), 1);
      }
    }
    split(a);
  }

  /** A half-precision number of each block, as floats in the lanes of its groups. */
  static void blockHalves(
      X86Assembler a, Vec to, Gp at, int blockBytes, int offset, int half, int blocks) {
    Vec halves = to.x();
    a.emit(VPXOR, halves, halves, halves);
    for (int b = 0; b < 4 && 4 * half + b < blocks; b++) {
      a.emit(VPINSRW, halves, halves, Mem.at(at, (4 * half + b) * blockBytes + offset), b);
    }
    a.emit(VPUNPCKLWD, halves, halves, halves);
    a.emit(VCVTPH2PS, to, halves);
  }

  /** What {@link #choose} chooses among: 16 bytes for 128 bits. */
  static byte[] table(byte[] levels, int bias) {
    return Constants.bytes(lane -> levels[lane % 16] + bias);
  }

  /** The levels of {@link ScalarIQ4_NL}: with signs, or 128 more. */
  static byte[] table(Products products) {
    return table(ScalarIQ4_NL.levels(), products == Products.PAIRS ? 0 : 128);
  }

  /** Each nibble becomes what the table, a constant, has for it. */
  static void choose(X86Assembler a, int table) {
    a.emit(VMOVUPS, Avx2.T0, Avx2.constant(table));
    for (Vec w : Avx2.WEIGHTS) {
      a.emit(VPSHUFB, w, Avx2.T0, w);
    }
  }
}
