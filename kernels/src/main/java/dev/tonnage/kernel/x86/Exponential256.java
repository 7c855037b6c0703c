package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPS2DQ;
import static dev.tonnage.kernel.x86.Instruction.VFMADD213PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMINPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRAD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VROUNDPS;

import java.util.Arrays;

/**
 * e^x by the steps of {@link Exponential512}, but with constants in memory; 2^n is multiplied in
 * two steps, since one float does not hold it where the result is no normal number.
 */
final class Exponential256 {

  /** How many constants it needs. */
  static final int CONSTANTS = Exponential512.CONSTANTS + 2;

  private final X86Assembler a;
  private final Gp constants;

  /**
   * @param constants the register with the constants' address
   */
  Exponential256(X86Assembler a, Gp constants) {
    this.a = a;
    this.constants = constants;
  }

  /** What has to be in memory. */
  static byte[][] constants() {
    byte[][] values = Arrays.copyOf(Exponential512.constants(), CONSTANTS);
    values[Exponential512.CONSTANTS] = Constants.floats(1);
    values[Exponential512.CONSTANTS + 1] = Constants.ints(_ -> 127);
    return values;
  }

  private Mem constant(int index) {
    return Mem.at(constants, 64 * index);
  }

  /**
   * {@code x = e^x}.
   *
   * @param n overwritten
   * @param p overwritten
   * @param t overwritten
   */
  void emit(Vec x, Vec n, Vec p, Vec t) {
    a.emit(VMOVUPS, n, constant(0));
    a.emit(VMOVUPS, p, constant(1));
    a.emit(VMAXPS, x, n, x); // of what is no number, the second is taken
    a.emit(VMINPS, x, p, x);
    a.emit(VMULPS, n, x, constant(2));
    a.emit(VROUNDPS, n, n, 0);
    a.emit(VFMADD231PS, x, n, constant(3));
    a.emit(VFMADD231PS, x, n, constant(4)); // r
    a.emit(VMULPS, p, x, constant(5));
    a.emit(VADDPS, p, p, constant(6));
    for (int i = 7; i <= Exponential512.CONSTANTS; i++) {
      a.emit(VFMADD213PS, p, x, constant(i));
    }
    // 1 + r + r²·p = 1 + r·(1 + r·p)
    a.emit(VFMADD213PS, p, x, constant(Exponential512.CONSTANTS));
    a.emit(VCVTPS2DQ, n, n);
    a.shift(VPSRAD, t, n, 1);
    a.emit(VPSUBD, n, n, t);
    scale(p, t);
    scale(p, n);
    a.emit(VMOVUPS, x, p);
  }

  /** {@code p = p · 2^n}. */
  private void scale(Vec p, Vec n) {
    a.emit(VPADDD, n, n, constant(Exponential512.CONSTANTS + 1));
    a.shift(VPSLLD, n, n, 23);
    a.emit(VMULPS, p, p, n);
  }
}
