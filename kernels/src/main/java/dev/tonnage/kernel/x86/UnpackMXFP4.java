package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2W;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VSCALEFPS;

import dev.tonnage.kernel.scalar.ScalarMXFP4;

/** {@link ScalarMXFP4}. */
final class UnpackMXFP4 implements Blocks512 {

  /** What brings the first bytes of nibbles to their lanes. */
  private static final Vec LAST_FIRST_BYTES = Avx512.constant(0);

  private static final int MORE = Nibbles.CONSTANTS;
  private static final Vec LEVELS = Avx512.constant(MORE);
  private static final Vec BYTE = Avx512.constant(MORE + 1);
  private static final Vec HALF = Avx512.constant(MORE + 2);
  private static final Vec ONE = Avx512.constant(MORE + 3);
  private static final Vec FIRST_BYTES = Avx512.constant(MORE + 4);
  private static final Vec SHIFTS = Avx512.constant(MORE + 5);

  @Override
  public String name() {
    return "mxfp4";
  }

  @Override
  public int blockBytes() {
    return ScalarMXFP4.BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(12);
  }

  @Override
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Nibbles.constants(6);
    constants[MORE] = Nibbles.levels(ScalarMXFP4.levels(), offset());
    constants[MORE + 1] = Constants.ints(_ -> 0xff);
    constants[MORE + 2] = Constants.ints(_ -> 128);
    constants[MORE + 3] = Constants.floats(1);
    constants[MORE + 4] = Constants.words(lane -> bytes(Nibbles.block(lane)) / 2);
    constants[MORE + 5] = Constants.ints(lane -> bytes(Nibbles.block(lane)) % 2 * 8);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    SmallBlocks.oneByOne(a, Mem.at(at, ScalarMXFP4.QUANTS), bytes(1), blocks);
    Nibbles.unpack(a);
    Nibbles.choose(a, LEVELS);
    // 2 to the power of the first byte less 128
    Vec scales = Avx512.SCALES;
    if (blocks == 8) {
      a.emit(VMOVUPS, Avx512.T0, Mem.at(at));
      a.emit(VMOVUPS, scales, FIRST_BYTES);
      a.emit(VPERMI2W, scales, Avx512.T0, Mem.at(at, 64));
      a.emit(VPMOVZXWD, scales, scales.y());
      a.emit(VPSRLVD, scales, scales, SHIFTS);
    } else {
      SmallBlocks.oneByOne(a, Mem.at(at), bytes(1), blocks);
      a.emit(VMOVUPS, scales, LAST_FIRST_BYTES);
      a.emit(VPERMI2D, scales, Avx512.T0, Avx512.T1);
    }
    a.emit(VPAND, scales, scales, BYTE);
    a.emit(VPSUBD, scales, scales, HALF);
    a.emit(VCVTDQ2PS, scales, scales);
    a.emit(VSCALEFPS, scales, ONE, scales);
  }
}
