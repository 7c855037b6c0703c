package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

/** Numbers of four bits, in the order of the groups that they belong to. */
final class NibbleScales {

  private final Instruction broadcast;
  private final Rm bytes;
  private final Rm shifts;
  private final Rm nibble;

  /** Where lanes are groups. */
  NibbleScales(Grouping grouping, ConstantPool constants) {
    int lanes = grouping.weights() / 16;
    broadcast = lanes == 1 ? VPBROADCASTQ : VPBROADCASTD;
    bytes = constants.add(Constants.bytesToInts(lane -> lane / lanes / 2));
    shifts = constants.add(Constants.ints(lane -> lane / lanes % 2 * 4));
    nibble = constants.add(Constants.ints(_ -> 15));
  }

  /** To {@link Avx512#SCALES}, as integers. */
  void unpack(X86Assembler a, Mem from) {
    Vec scales = Avx512.SCALES;
    a.emit(broadcast, scales, from);
    a.emit(VPSHUFB, scales, scales, bytes);
    a.emit(VPSRLVD, scales, scales, shifts);
    a.emit(VPAND, scales, scales, nibble);
  }
}
