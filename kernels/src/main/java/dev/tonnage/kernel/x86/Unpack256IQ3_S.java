package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQB;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_S;
import java.util.Optional;

/** {@link ScalarIQ3_S}: bytes are 15 more than the numbers. */
final class Unpack256IQ3_S implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 2;

  private static final int MOST = 15;

  private static final int SPREAD = Grid256.CONSTANTS;
  private static final int BITS = SPREAD + 1;
  private static final int NINTH = SPREAD + 2;
  private static final int SHIFTS = SPREAD + 3;
  private static final int NIBBLE = SPREAD + 4;
  private static final int OWN = 5;

  @Override
  public String name() {
    return "iq3_s";
  }

  @Override
  public int bytes() {
    return ScalarIQ3_S.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(MOST);
  }

  @Override
  public int most() {
    return 2 * MOST;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(Grid256.unit(UNIT));
  }

  @Override
  public byte[][] constants() {
    return Grid256.constants(
        Grid.IQ3_S,
        MOST,
        UNIT,
        // 16 bits for a point, of which eight share a byte of ninth bits
        Constants.bytes(lane -> lane % 32 / 16),
        Constants.words(lane -> 0x0101 << (lane % 8)),
        Constants.ints(_ -> 0x0100_0100),
        Constants.ints(lane -> 4 * (lane / 8 * 4 + lane % 4)),
        Constants.ints(_ -> 15));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    for (int sixteen = 0; sixteen < 2; sixteen++) {
      Vec points = Avx2.T0;
      Vec ninth = Avx2.T1;
      int first = 32 * half + 16 * sixteen;
      a.emit(VPMOVZXBW, points, Mem.at(at, ScalarIQ3_S.QUANTS + first));
      a.emit(VPBROADCASTW, ninth, Mem.at(at, ScalarIQ3_S.HIGH + first / 8));
      a.emit(VPSHUFB, ninth, ninth, Avx2.constant(SPREAD));
      a.emit(VPAND, ninth, ninth, Avx2.constant(BITS));
      a.emit(VPCMPEQB, ninth, ninth, Avx2.constant(BITS));
      a.emit(VPAND, ninth, ninth, Avx2.constant(NINTH));
      a.emit(VPOR, points, points, ninth);
      a.store(VMOVUPS_STORE, Avx2.kept(32 * sixteen), points);
    }
    Grid256.fours(a, OWN, point -> a.movw(Avx2.FREE, Avx2.kept(2 * point)));
    a.emit(VBROADCASTI128, Avx2.T0, Mem.at(at, ScalarIQ3_S.SIGNS + 16 * half));
    Grid256.join(a);
    a.emit(VPBROADCASTD, Avx2.T0, Mem.at(at, ScalarIQ3_S.SCALES));
    a.emit(VPSRLVD, Avx2.T0, Avx2.T0, Avx2.constant(SHIFTS, half));
    a.emit(VPAND, Avx2.T0, Avx2.T0, Avx2.constant(NIBBLE));
    Grid256.scale(a, Mem.at(at));
  }
}
