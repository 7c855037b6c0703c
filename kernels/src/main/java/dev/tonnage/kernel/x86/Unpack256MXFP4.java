package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPINSRB;
import static dev.tonnage.kernel.x86.Instruction.VPMAXSD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVD;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLBW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.ScalarMXFP4;

/** {@link ScalarMXFP4}: bytes are 12 more than the levels. */
final class Unpack256MXFP4 implements NibbleBlocks256 {

  private static final int BIAS = 12;
  private static final int TABLE = Nibbles256.CONSTANTS;
  private static final int ONE = TABLE + 1;
  private static final int LEAST = TABLE + 2;
  private static final int LESS_ONE = TABLE + 3;

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
    return new Offset.Bias(BIAS);
  }

  @Override
  public int most() {
    return 2 * BIAS;
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(
        Nibbles256.table(ScalarMXFP4.levels(), BIAS),
        Constants.ints(_ -> 1),
        Constants.ints(_ -> 0x20_0000),
        Constants.ints(_ -> -1));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Nibbles256.blocks(a, at, ScalarMXFP4.BYTES, ScalarMXFP4.QUANTS, half, blocks);
    Nibbles256.choose(a, TABLE);
    Vec exponent = Avx2.T0;
    Vec bytes = exponent.x();
    a.emit(VPXOR, bytes, bytes, bytes);
    for (int b = 0; b < 4 && 4 * half + b < blocks; b++) {
      a.emit(VPINSRB, bytes, bytes, Mem.at(at, (4 * half + b) * ScalarMXFP4.BYTES), b);
    }
    a.emit(VPUNPCKLBW, bytes, bytes, bytes);
    a.emit(VPMOVZXBD, exponent, bytes);
    // e − 1 is the exponent of 2^(e − 128), but 0 and 1 make numbers below the normal ones
    Vec small = Avx2.T1;
    a.emit(VPAND, small, exponent, Avx2.constant(ONE));
    a.emit(VMOVUPS, Avx2.T2, Avx2.constant(LEAST));
    a.emit(VPSLLVD, small, Avx2.T2, small);
    a.emit(VPADDD, exponent, exponent, Avx2.constant(LESS_ONE));
    a.shift(VPSLLD, exponent, exponent, 23);
    a.emit(VPMAXSD, Avx2.SCALES, exponent, small);
  }
}
