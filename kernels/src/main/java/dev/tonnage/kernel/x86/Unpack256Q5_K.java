package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

import dev.tonnage.kernel.scalar.ScalarQ5_K;
import java.util.Arrays;
import java.util.Optional;

/** {@link ScalarQ5_K}: as {@link Unpack256Q4_K}, and a fifth bit from 32 bytes more. */
final class Unpack256Q5_K implements Unpacker256 {

  private static final int SUBS = Nibbles256.CONSTANTS + Unpack256Q4_K.SCALE_CONSTANTS;
  private static final int FIFTH = SUBS + 1;

  @Override
  public String name() {
    return "q5_k";
  }

  @Override
  public int bytes() {
    return ScalarQ5_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int most() {
    return 31;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(0, 1));
  }

  @Override
  public byte[][] constants() {
    byte[][] scales = Unpack256Q4_K.scaleConstants();
    byte[][] all = Arrays.copyOf(scales, scales.length + 2);
    all[scales.length] = Constants.ints(lane -> lane % 4);
    all[scales.length + 1] = Constants.ints(_ -> 0x10101010);
    return Nibbles256.constants(all);
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    if (half == 0) {
      Unpack256Q4_K.keepScales(a, at);
    }
    a.emit(VMOVUPS, Avx2.T0, Mem.at(at, ScalarQ5_K.QUANTS + 64 * half));
    a.emit(VMOVUPS, Avx2.T1, Mem.at(at, ScalarQ5_K.QUANTS + 64 * half + 32));
    Nibbles256.split(a);
    Vec high = Avx2.T0;
    Vec bits = Avx2.T1;
    a.emit(VMOVUPS, high, Mem.at(at, ScalarQ5_K.HIGH));
    if (half == 0) {
      a.shift(VPSLLD, high, high, 4); // now bits 4-7 are those of the four sub-blocks
    }
    for (int u = 0; u < 4; u++) {
      Vec w = Avx2.WEIGHTS.get(u);
      a.emit(VPSHUFD, bits, high, u * 0b01_01_01_01);
      a.emit(VPSRLVD, bits, bits, Avx2.constant(SUBS));
      a.emit(VPAND, bits, bits, Avx2.constant(FIFTH));
      a.emit(VPOR, w, w, bits);
    }
    Unpack256Q4_K.takeScales(a, half);
  }
}
