package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPANDN;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQB;
import static dev.tonnage.kernel.x86.Instruction.VPINSRD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSHUFPS;

import dev.tonnage.kernel.scalar.ScalarMXFP4;
import dev.tonnage.kernel.scalar.ScalarNVFP4;

/** {@link ScalarNVFP4}: bytes are 12 more than the levels. */
final class Unpack256NVFP4 implements Unpacker256 {

  private static final int BYTES = ScalarNVFP4.BYTES;
  private static final int BIAS = 12;

  private static final int NIBBLES = 0;
  private static final int LEVELS = 1;
  private static final int NO_NUMBER = 2;
  private static final int ORDER = 3;
  private static final int HALF_BITS = 4;
  private static final int UNITS = 5;

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
    return new Offset.Bias(BIAS);
  }

  @Override
  public int most() {
    return 2 * BIAS;
  }

  /** Of two blocks the first two groups of each, and then the others. */
  @Override
  public int[] groups() {
    int[] groups = new int[2 * Avx2.LANES];
    for (int lane = 0; lane < groups.length; lane++) {
      groups[lane] = lane / 8 * 8 + lane / 2 % 2 * 4 + lane / 4 % 2 * 2 + lane % 2;
    }
    return groups;
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x0f0f0f0f),
      Nibbles256.table(ScalarMXFP4.levels(), BIAS),
      Constants.bytes(_ -> 0x7f),
      Constants.bytes(lane -> groups[lane % 8]),
      Constants.words(_ -> 0x3f80),
      Constants.floats(128)
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    int there = Math.min(2, blocks / 2 - 2 * half);
    Mem first = Mem.at(at, 2 * half * BYTES);
    a.emit(VMOVUPS, Avx2.T0, first.plus(ScalarNVFP4.QUANTS));
    if (there > 1) {
      a.emit(VMOVUPS, Avx2.T1, first.plus(BYTES + ScalarNVFP4.QUANTS));
    } else {
      a.emit(VPXOR, Avx2.T1, Avx2.T1, Avx2.T1);
    }
    for (int u = 0; u < 2; u++) {
      // of a group's eight bytes the lower nibbles come first
      Vec lower = Avx2.WEIGHTS.get(u);
      Vec upper = Avx2.WEIGHTS.get(u + 2);
      a.emit(VSHUFPS, lower, Avx2.T0, Avx2.T1, u == 0 ? 0b10_00_10_00 : 0b11_01_11_01);
      a.shift(VPSRLW, upper, lower, 4);
      a.emit(VPAND, lower, lower, Avx2.constant(NIBBLES));
      a.emit(VPAND, upper, upper, Avx2.constant(NIBBLES));
    }
    Nibbles256.choose(a, LEVELS);
    scales(a, first, there);
  }

  /** Unsigned floats of four and three bits are the upper bits of halves, but for their bias. */
  private static void scales(X86Assembler a, Mem first, int blocks) {
    Vec bytes = Avx2.T0.x();
    Vec none = Avx2.T1.x();
    a.emit(VPXOR, bytes, bytes, bytes);
    for (int block = 0; block < blocks; block++) {
      a.emit(VPINSRD, bytes, bytes, first.plus(block * BYTES), block);
    }
    a.emit(VPCMPEQB, none, bytes, Avx2.constant(NO_NUMBER));
    a.emit(VPANDN, bytes, none, bytes);
    a.emit(VPSHUFB, bytes, bytes, Avx2.constant(ORDER));
    a.emit(VPMOVZXBW, bytes, bytes);
    a.shift(VPSLLW, bytes, bytes, 7);
    a.emit(VPAND, bytes, bytes, Avx2.constant(HALF_BITS));
    a.emit(VCVTPH2PS, Avx2.SCALES, bytes);
    a.emit(VMULPS, Avx2.SCALES, Avx2.SCALES, Avx2.constant(UNITS));
  }
}
