package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPMULLW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_S;
import java.util.Optional;

/** {@link ScalarIQ2_S}: bytes are 43 more than the numbers. */
final class Unpack256IQ2_S implements Unpacker256 {

  private static final int MOST = 43;

  private static final int SPREAD = Grid256.CONSTANTS;
  private static final int FACTORS = SPREAD + 1;
  private static final int TOP_BITS = SPREAD + 2;
  private static final int SHIFTS = SPREAD + 3;
  private static final int OWN = 5;

  @Override
  public String name() {
    return "iq2_s";
  }

  @Override
  public int bytes() {
    return ScalarIQ2_S.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
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
    return Optional.of(new Unit(0, 0.125f));
  }

  @Override
  public byte[][] constants() {
    return Grid256.constants(
        Grid.IQ2_S,
        MOST,
        0.25f,
        // 16 bits for a point, of which four share a byte of upper bits
        Constants.bytes(lane -> lane % 2 == 0 ? lane % 32 / 8 : 0x80),
        Constants.words(lane -> 1 << (8 - lane % 4 * 2)),
        Constants.ints(_ -> 0x0300_0300),
        Unpack256IQ2_XS.shifts(),
        Constants.ints(_ -> 15));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec points = Avx2.T0;
    Vec top = Avx2.T1;
    a.emit(VPMOVZXBW, points, Mem.at(at, ScalarIQ2_S.QUANTS + 16 * half));
    a.emit(VPBROADCASTD, top, Mem.at(at, ScalarIQ2_S.HIGH + 4 * half));
    a.emit(VPSHUFB, top, top, Avx2.constant(SPREAD));
    a.emit(VPMULLW, top, top, Avx2.constant(FACTORS));
    a.emit(VPAND, top, top, Avx2.constant(TOP_BITS));
    a.emit(VPOR, points, points, top);
    a.store(VMOVUPS_STORE, Avx2.kept(0), points);
    Grid256.eights(a, OWN, point -> a.movw(Avx2.FREE, Avx2.kept(2 * point)));
    a.emit(VBROADCASTI128, Avx2.T0, Mem.at(at, ScalarIQ2_S.SIGNS + 16 * half));
    Grid256.join(a);
    Unpack256IQ2_XS.scale(a, at, ScalarIQ2_S.SCALES + 4 * half, SHIFTS);
  }
}
