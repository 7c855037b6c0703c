package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPINSRW;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLQDQ;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/**
 * {@link dev.tonnage.kernel.scalar.ScalarQ8_0}: signed bytes become unsigned, 128 more, or stay as
 * they are where sums of 255 times 127 would not fit.
 */
final class Unpack256Q8_0 implements Blocks256 {

  private static final int BYTES = 34;

  private final Products products;

  Unpack256Q8_0(Products products) {
    this.products = products;
  }

  @Override
  public String name() {
    return "q8_0";
  }

  @Override
  public int blockBytes() {
    return BYTES;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(isSigned() ? 0 : 128);
  }

  @Override
  public boolean isSigned() {
    return products == Products.PAIRS;
  }

  @Override
  public int most() {
    return isSigned() ? 128 : 255;
  }

  @Override
  public byte[][] constants() {
    return new byte[][] {Constants.bytes(_ -> 0x80)};
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec flip = Avx2.T0;
    if (!isSigned()) {
      a.emit(VMOVUPS, flip, Avx2.constant(0));
    }
    for (int b = 0; b < 4; b++) {
      Vec w = Avx2.WEIGHTS.get(b);
      int block = 4 * half + b;
      Mem bytes = Mem.at(at, block * BYTES + 2);
      if (block >= blocks) {
        a.emit(VPXOR, w, w, w);
      } else if (isSigned()) {
        a.emit(VMOVUPS, w, bytes);
      } else {
        a.emit(VPXOR, w, flip, bytes);
      }
    }
    Avx2.transpose(a);
    Vec halves = Avx2.T0.x();
    a.emit(VPXOR, halves, halves, halves);
    for (int b = 0; b < 4 && 4 * half + b < blocks; b++) {
      a.emit(VPINSRW, halves, halves, Mem.at(at, (4 * half + b) * BYTES), b);
    }
    a.emit(VPUNPCKLQDQ, halves, halves, halves); // both groups of a block have its scale
    a.emit(VCVTPH2PS, Avx2.SCALES, halves);
  }
}
