package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VFMADD213PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMINPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VROUNDPS;
import static dev.tonnage.kernel.x86.Instruction.VSCALEFPS;

/**
 * e^x in registers: x = n·ln 2 + r with |r| ≤ ln 2 / 2, e^r by a polynomial of degree 7
 * (coefficients of Cephes' {@code expf}, S. Moshier), times 2^n. Relative error below 2e-7 where
 * the result is a normal number; of zero it is 1, of -∞ 0, and what is no number stays none.
 */
final class Exponential512 {

  /** How many constants it needs. */
  static final int CONSTANTS = 11;

  private static final float LEAST = -110; // becomes zero
  private static final float GREATEST = 89; // becomes infinite

  private final X86Assembler a;
  private final Vec[] constants = new Vec[CONSTANTS];

  /**
   * @param firstConstant the first of as many registers as there are constants
   */
  Exponential512(X86Assembler a, int firstConstant) {
    this.a = a;
    for (int i = 0; i < CONSTANTS; i++) {
      constants[i] = Vec.zmm(firstConstant + i);
    }
  }

  /** What has to be in the registers. */
  static byte[][] constants() {
    return new byte[][] {
      Constants.floats(LEAST),
      Constants.floats(GREATEST),
      Constants.floats((float) 1.4426950408889634), // 1 / ln 2
      Constants.floats((float) -0.693359375), // -ln 2, all but its last bits
      Constants.floats((float) 2.12194440e-4), // and those
      Constants.floats((float) 1.9875691500e-4),
      Constants.floats((float) 1.3981999507e-3),
      Constants.floats((float) 8.3334519073e-3),
      Constants.floats((float) 4.1665795894e-2),
      Constants.floats((float) 1.6666665459e-1),
      Constants.floats((float) 5.0000001201e-1)
    };
  }

  /**
   * {@code x = e^x}.
   *
   * @param n overwritten
   * @param p overwritten
   * @param one a register that holds ones
   */
  void emit(Vec x, Vec n, Vec p, Vec one) {
    a.emit(VMAXPS, x, constants[0], x); // of what is no number, the second is taken
    a.emit(VMINPS, x, constants[1], x);
    a.emit(VMULPS, n, x, constants[2]);
    a.emit(VROUNDPS, n, n, 0);
    a.emit(VFMADD231PS, x, n, constants[3]);
    a.emit(VFMADD231PS, x, n, constants[4]); // r
    a.emit(VMULPS, p, x, constants[5]);
    a.emit(Instruction.VADDPS, p, p, constants[6]);
    for (int i = 7; i < CONSTANTS; i++) {
      a.emit(VFMADD213PS, p, x, constants[i]);
    }
    // 1 + r + r²·p = 1 + r·(1 + r·p)
    a.emit(VFMADD213PS, p, x, one);
    a.emit(VFMADD213PS, p, x, one);
    a.emit(VSCALEFPS, x, p, n);
  }
}
