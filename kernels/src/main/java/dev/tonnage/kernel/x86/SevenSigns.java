package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

/** For 32 weights 32 bits: four times seven signs, and a scale of four bits. */
final class SevenSigns {

  private final Rm begins;
  private final Rm lower;
  private final Rm sevens;
  private final WeightSigns signs;

  SevenSigns(ConstantPool constants) {
    begins = constants.add(Constants.ints(lane -> lane % 2 * 14));
    lower = constants.add(Constants.ints(_ -> 0x7f));
    sevens = constants.add(Constants.ints(_ -> 0x7f7f));
    signs = new WeightSigns(WeightSigns.In.BYTES_0_1, constants);
  }

  /**
   * The scale, an integer, to {@link Avx512#SCALES}, and the signs to the weights.
   *
   * @param packed each 32 bits in two lanes; becomes something else
   */
  void unpack(X86Assembler a, Vec packed) {
    Vec upper = Avx512.SUM;
    a.shift(VPSRLD, Avx512.SCALES, packed, 28);
    a.emit(VPSRLVD, packed, packed, begins); // twice seven are at bit 0
    a.shift(VPSLLD, upper, packed, 1);
    a.emit(VPTERNLOGD, packed, upper, lower, Avx512.SELECT_BY_THIRD);
    a.emit(VPAND, packed, packed, sevens);
    signs.complete(a, packed, upper, Avx512.T4, Avx512.LESS);
    signs.apply(a, packed, upper, Avx512.T4);
  }
}
