package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_S;
import java.util.Optional;

/** {@link ScalarIQ2_S}: bytes are 43 more than the numbers. */
final class Unpack256IQ2_S implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 0.25f;

  private static final int MOST = 43;

  /** The first of three that {@link Grid256#eights(X86Assembler, int, int)} takes. */
  private static final int SPREAD = Grid256.CONSTANTS;

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
    return Optional.of(Grid256.unit(UNIT));
  }

  @Override
  public byte[][] constants() {
    return Grid256.constants(
        Grid.IQ2_S,
        MOST,
        UNIT,
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
    Grid256.eights(a, OWN, SPREAD);
    a.emit(VBROADCASTI128, Avx2.T0, Mem.at(at, ScalarIQ2_S.SIGNS + 16 * half));
    Grid256.join(a);
    Unpack256IQ2_XS.scale(a, at, ScalarIQ2_S.SCALES + 4 * half, SHIFTS);
  }
}
