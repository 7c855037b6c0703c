package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;

import dev.tonnage.kernel.x86.Vec.Width;

/** What is done across the lanes of a vector. */
final class Lanes {

  private Lanes() {}

  /**
   * All lanes to the lowest, by halves; what stands in the others afterwards is of no use.
   *
   * @param operation on two vectors of floats
   * @param other overwritten
   */
  static void reduce(X86Assembler a, Instruction operation, Vec lanes, Vec other) {
    if (lanes.width() == Width.ZMM) {
      a.store(VEXTRACTI64X4, other.y(), lanes, 1);
      a.emit(operation, lanes.y(), lanes.y(), other.y());
    }
    a.store(VEXTRACTI128, other.x(), lanes.y(), 1);
    a.emit(operation, lanes.x(), lanes.x(), other.x());
    a.emit(VPSHUFD, other.x(), lanes.x(), 0x4e);
    a.emit(operation, lanes.x(), lanes.x(), other.x());
    a.emit(VPSHUFD, other.x(), lanes.x(), 0xb1);
    a.emit(operation, lanes.x(), lanes.x(), other.x());
  }
}
