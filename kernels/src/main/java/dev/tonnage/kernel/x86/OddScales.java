package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD213PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;

/** Scales that are d times (2 · number + 1) times something. */
final class OddScales {

  private final Rm step;
  private final Rm least;

  /**
   * @param step from the scale of a number to that of the next, without d
   */
  OddScales(float step, ConstantPool constants) {
    this.step = constants.add(Constants.floats(step));
    this.least = constants.add(Constants.floats(step / 2));
  }

  /**
   * Numbers, as integers in {@link Avx512#SCALES}, become scales.
   *
   * @param d in all lanes, a float
   * @param other a register that is overwritten
   */
  void unpack(X86Assembler a, Vec d, Vec other) {
    Vec scales = Avx512.SCALES;
    a.emit(VCVTDQ2PS, scales, scales);
    a.emit(VMOVUPS, other, step);
    a.emit(VFMADD213PS, scales, other, least);
    a.emit(VMULPS, scales, scales, d);
  }
}
