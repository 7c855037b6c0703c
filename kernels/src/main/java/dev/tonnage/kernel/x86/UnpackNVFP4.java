package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQW;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPINSRD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.ScalarMXFP4;
import dev.tonnage.kernel.scalar.ScalarNVFP4;

/** {@link ScalarNVFP4}: lanes keep the order of the row. */
final class UnpackNVFP4 implements Unpacker {

  private static final int BYTES = ScalarNVFP4.BYTES;

  private final ConstantPool constants = new ConstantPool();
  private final Rm even = constants.add(Constants.ints(lane -> 2 * lane));
  private final Rm odd = constants.add(Constants.ints(lane -> 2 * lane + 1));
  private final Rm nibbles = constants.add(Constants.ints(_ -> 0x0f0f0f0f));
  private final Vec levels = Avx512.constant(3);
  private final Rm noNumber;
  private final Rm halfBits;
  private final Rm units;

  UnpackNVFP4() {
    constants.add(Nibbles.levels(ScalarMXFP4.levels(), offset()));
    noNumber = constants.add(Constants.words(_ -> 0x7f));
    halfBits = constants.add(Constants.words(_ -> 0x3f80));
    units = constants.add(Constants.floats(128));
  }

  @Override
  public String name() {
    return "nvfp4";
  }

  @Override
  public int bytes() {
    return 4 * BYTES;
  }

  @Override
  public int blockWeights() {
    return 64;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(12);
  }

  @Override
  public int[] groups() {
    return Avx512.groupsInOrder();
  }

  @Override
  public byte[][] constants() {
    return constants.values();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    two(a, Avx512.T0, Mem.at(at, ScalarNVFP4.QUANTS), blocks / 2);
    two(a, Avx512.T1, Mem.at(at, ScalarNVFP4.QUANTS + 2 * BYTES), blocks / 2 - 2);
    for (int u = 0; u < 2; u++) {
      // of a group's eight bytes the lower nibbles come first
      Vec lower = Avx512.WEIGHTS.get(u);
      Vec upper = Avx512.WEIGHTS.get(u + 2);
      a.emit(VMOVUPS, lower, u == 0 ? even : odd);
      a.emit(VPERMI2D, lower, Avx512.T0, Avx512.T1);
      a.shift(VPSRLW, upper, lower, 4);
      a.emit(VPAND, lower, lower, nibbles);
      a.emit(VPAND, upper, upper, nibbles);
    }
    for (Vec w : Avx512.WEIGHTS) {
      a.emit(VPSHUFB, w, levels, w);
    }
    scales(a, at, blocks / 2);
  }

  /** 32 bytes of one or two blocks. */
  private static void two(X86Assembler a, Vec to, Mem first, int blocks) {
    if (blocks <= 0) {
      a.emit(VPXOR, to, to, to);
      return;
    }
    a.emit(VMOVUPS, to.y(), first);
    if (blocks > 1) {
      a.emit(VINSERTI64X4, to, to, first.plus(BYTES), 1);
    }
  }

  /** Unsigned floats of four and three bits are the upper bits of halves, but for their bias. */
  private void scales(X86Assembler a, Gp at, int blocks) {
    Vec scales = Avx512.SCALES;
    Vec bytes = Avx512.T0;
    a.emit(VPXOR, bytes.x(), bytes.x(), bytes.x());
    for (int block = 0; block < blocks; block++) {
      a.emit(VPINSRD, bytes.x(), bytes.x(), Mem.at(at, block * BYTES), block);
    }
    a.emit(VPMOVZXBW, bytes.y(), bytes.x());
    a.emit(VPCMPEQW, Mask.K1, bytes, noNumber);
    a.shift(VPSLLW, bytes.y(), bytes.y(), 7);
    a.emit(VPAND, bytes, bytes, halfBits);
    a.emit(VCVTPH2PS, scales, bytes.y());
    a.emit(VMULPS, scales, scales, units);
    a.emit(VPXOR, Mask.K1, scales, scales, scales);
  }
}
