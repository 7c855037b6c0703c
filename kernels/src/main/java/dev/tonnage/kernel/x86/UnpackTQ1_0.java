package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDB;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPCMPUB;
import static dev.tonnage.kernel.x86.Instruction.VPMULLW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.ScalarTQ1_0;

/** {@link ScalarTQ1_0}: bytes are 1 more than the numbers. */
final class UnpackTQ1_0 implements Unpacker {

  /** Bytes of 32 weights a digit, then of 16, then of 4. */
  private static final int SECOND = 32;

  private static final int THIRD = 48;

  /** Not less than. */
  private static final int AT_LEAST = 5;

  private final ConstantPool constants = new ConstantPool();
  private final Rm[] powers = new Rm[4];
  private final Rm lowerBytes = constants.add(Constants.words(_ -> 0xff));
  private final Rm upperBytes = constants.add(Constants.words(_ -> 0xff00));
  private final Rm one = constants.add(Constants.bytes(_ -> 1));
  private final Rm first = constants.add(Constants.bytes(_ -> 86)); // 256 / 3, rounded up
  private final Rm second = constants.add(Constants.bytes(_ -> 171)); // and twice that

  UnpackTQ1_0() {
    for (int u = 0; u < 4; u++) {
      int begin = 64 * u;
      powers[u] = constants.add(Constants.words(i -> ScalarTQ1_0.power(digit(begin + 2 * i))));
    }
  }

  /** Which digit of its byte a number is. */
  private static int digit(int k) {
    return k < 160 ? k / 32 : k < 240 ? (k - 160) / 16 : (k - 240) / 4;
  }

  @Override
  public String name() {
    return "tq1_0";
  }

  @Override
  public int bytes() {
    return ScalarTQ1_0.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(1);
  }

  @Override
  public int[] groups() {
    return Avx512.transposedGroups();
  }

  @Override
  public byte[][] constants() {
    return constants.values();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    Vec w0 = Avx512.WEIGHTS.get(0);
    Vec w2 = Avx512.WEIGHTS.get(2);
    Vec w3 = Avx512.WEIGHTS.get(3);
    a.emit(VBROADCASTI64X4, w0, Mem.at(at)); // the first 160 are digits of 32 bytes
    a.emit(VMOVUPS, Avx512.WEIGHTS.get(1), w0);
    a.emit(VBROADCASTI128, w3, Mem.at(at, SECOND)); // the next 80 of sixteen
    a.emit(VINSERTI64X4, w2, w0, w3.y(), 1);
    a.emit(VPBROADCASTD, Avx512.T0.x(), Mem.at(at, THIRD)); // the last sixteen of four
    a.emit(VINSERTI128, w3, w3, Avx512.T0.x(), 3);
    for (int u = 0; u < 4; u++) {
      digits(a, Avx512.WEIGHTS.get(u), powers[u]);
    }
    Avx512.transpose(a);
    Avx512.broadcastHalf(a, Avx512.SCALES, Mem.at(at, ScalarTQ1_0.D));
  }

  /** A power of three brings the wanted digit to the front of each byte. */
  private void digits(X86Assembler a, Vec w, Rm power) {
    Vec shifted = Avx512.T0;
    Vec upper = Avx512.T1;
    a.emit(VMOVUPS, upper, upperBytes);
    a.emit(VPAND, upper, upper, w);
    a.emit(VPMULLW, shifted, w, power);
    a.emit(VPMULLW, upper, upper, power);
    a.emit(VPTERNLOGD, shifted, upper, lowerBytes, Avx512.SELECT_BY_THIRD);
    a.emit(VPXOR, w, w, w);
    a.emit(VPCMPUB, Mask.K1, shifted, first, AT_LEAST);
    a.emit(VPCMPUB, Mask.K2, shifted, second, AT_LEAST);
    a.emit(VPADDB, Mask.K1, w, w, one);
    a.emit(VPADDB, Mask.K2, w, w, one);
  }
}
