package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;

import dev.tonnage.kernel.scalar.ScalarIQ4_XS;
import java.util.Optional;

/** {@link ScalarIQ4_XS}: levels as those of {@link Unpack256IQ4_NL}. */
final class Unpack256IQ4_XS implements Unpacker256 {

  private static final int TABLE = Nibbles256.CONSTANTS;
  private static final int LOW_SHIFTS = TABLE + 1;
  private static final int NIBBLE = TABLE + 2;
  private static final int HIGH_SHIFTS = TABLE + 3;
  private static final int TOP_BITS = TABLE + 4;
  private static final int BIAS = TABLE + 5;

  private final Products products;

  Unpack256IQ4_XS(Products products) {
    this.products = products;
  }

  @Override
  public String name() {
    return "iq4_xs";
  }

  @Override
  public int bytes() {
    return ScalarIQ4_XS.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(isSigned() ? 0 : 128);
  }

  /** Two sub-blocks lie in 32 bytes: the first has lanes 0 and 1, the second 4 and 5. */
  @Override
  public int[] groups() {
    int[] groups = new int[2 * Avx2.LANES];
    for (int lane = 0; lane < groups.length; lane++) {
      groups[lane] = 2 * sub(lane) + lane % 2;
    }
    return groups;
  }

  private static int sub(int lane) {
    return lane / 8 * 4 + lane / 2 % 2 * 2 + lane / 4 % 2;
  }

  @Override
  public boolean isSigned() {
    return products == Products.PAIRS;
  }

  @Override
  public int most() {
    return isSigned() ? 127 : 241;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(0, 1));
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(
        Nibbles256.table(products),
        Constants.ints(lane -> 4 * sub(lane)),
        Constants.ints(_ -> 15),
        Constants.ints(lane -> 16 + 2 * sub(lane) - 4),
        Constants.ints(_ -> 0x30),
        Constants.ints(_ -> 32));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    a.emit(VMOVUPS, Avx2.T0, Mem.at(at, ScalarIQ4_XS.QUANTS + 64 * half));
    a.emit(VMOVUPS, Avx2.T1, Mem.at(at, ScalarIQ4_XS.QUANTS + 64 * half + 32));
    Nibbles256.split(a);
    Nibbles256.choose(a, TABLE);
    Vec low = Avx2.T0;
    Vec top = Avx2.T1;
    a.emit(VPBROADCASTD, low, Mem.at(at, 4));
    a.emit(VPSRLVD, low, low, Avx2.constant(LOW_SHIFTS, half));
    a.emit(VPAND, low, low, Avx2.constant(NIBBLE));
    a.emit(VPBROADCASTD, top, Mem.at(at)); // d, and in the upper half what is wanted
    a.emit(VPSRLVD, top, top, Avx2.constant(HIGH_SHIFTS, half));
    a.emit(VPAND, top, top, Avx2.constant(TOP_BITS));
    a.emit(VPOR, low, low, top);
    a.emit(VPSUBD, low, low, Avx2.constant(BIAS));
    a.emit(VCVTDQ2PS, low, low);
    Avx2.broadcastHalf(a, top, Mem.at(at));
    a.emit(VMULPS, Avx2.SCALES, low, top);
  }
}
