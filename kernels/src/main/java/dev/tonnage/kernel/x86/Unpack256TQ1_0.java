package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPMULLW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;

import dev.tonnage.kernel.scalar.ScalarTQ1_0;
import java.util.Optional;

/** {@link ScalarTQ1_0}: bytes are 1 more than the numbers. */
final class Unpack256TQ1_0 implements Unpacker256 {

  /** Bytes of 32 weights a digit, then of 16, then of 4. */
  private static final int SECOND = 32;

  private static final int THIRD = 48;

  /** What brings the digits of four vectors to the front, in either half of a record. */
  private static final int POWERS = 0;

  private static final int LOWER_BYTES = 4;
  private static final int UPPER_BYTES = 5;
  private static final int THREE = 6;

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
  public int most() {
    return 2;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(ScalarTQ1_0.D, 1));
  }

  @Override
  public byte[][] constants() {
    byte[][] all = new byte[THREE + 1][];
    for (int v = 0; v < 4; v++) {
      int first = 32 * v;
      all[POWERS + v] =
          Constants.words(i -> ScalarTQ1_0.power(digit(i / 16 * 128 + first + i % 16 * 2)));
    }
    all[LOWER_BYTES] = Constants.words(_ -> 0xff);
    all[UPPER_BYTES] = Constants.words(_ -> 0xff00);
    all[THREE] = Constants.words(_ -> 3);
    return all;
  }

  /** Which digit of its byte a number is. */
  private static int digit(int k) {
    return k < 160 ? k / 32 : k < 240 ? (k - 160) / 16 : (k - 240) / 4;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      if (half == 0 || v == 0) {
        a.emit(VMOVUPS, w, Mem.at(at));
      } else {
        a.emit(VBROADCASTI128, w, Mem.at(at, SECOND));
      }
      if (half == 1 && v == 3) {
        a.emit(VPBROADCASTD, Avx2.T0.x(), Mem.at(at, THIRD));
        a.emit(VINSERTI128, w, w, Avx2.T0.x(), 1);
      }
      digits(a, w, Avx2.constant(POWERS + v, half));
    }
    Avx2.transpose(a);
    Avx2.broadcastHalf(a, Avx2.SCALES, Mem.at(at, ScalarTQ1_0.D));
  }

  /** A power of three brings the wanted digit to the front of each byte, of which it is a third. */
  private static void digits(X86Assembler a, Vec w, Mem power) {
    Vec upper = Avx2.T0;
    a.emit(VPAND, upper, w, Avx2.constant(UPPER_BYTES));
    a.emit(VPMULLW, upper, upper, power);
    a.shift(VPSRLW, upper, upper, 8);
    a.emit(VPMULLW, upper, upper, Avx2.constant(THREE));
    a.emit(VPAND, upper, upper, Avx2.constant(UPPER_BYTES));
    a.emit(VPMULLW, w, w, power);
    a.emit(VPAND, w, w, Avx2.constant(LOWER_BYTES));
    a.emit(VPMULLW, w, w, Avx2.constant(THREE));
    a.shift(VPSRLW, w, w, 8);
    a.emit(VPOR, w, w, upper);
  }
}
