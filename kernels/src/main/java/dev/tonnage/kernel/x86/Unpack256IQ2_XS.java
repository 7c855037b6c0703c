package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPACKUSWB;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XS;
import java.util.Optional;

/** {@link ScalarIQ2_XS}: bytes are 43 more than the numbers. */
final class Unpack256IQ2_XS implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 0.25f;

  private static final int MOST = 43;

  private static final int POINTS = Grid256.CONSTANTS;
  private static final int SHIFTS = POINTS + 1;
  private static final int OWN = 3;

  @Override
  public String name() {
    return "iq2_xs";
  }

  @Override
  public int bytes() {
    return ScalarIQ2_XS.BYTES;
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
        Grid.IQ2_XS,
        MOST,
        UNIT,
        Constants.ints(_ -> 0x01ff_01ff),
        shifts(),
        Constants.ints(_ -> 15));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    int words = ScalarIQ2_XS.QUANTS + 32 * half;
    a.emit(VMOVUPS, Avx2.T0, Mem.at(at, words));
    a.emit(VPAND, Avx2.T0, Avx2.T0, Avx2.constant(POINTS));
    a.store(VMOVUPS_STORE, Avx2.kept(0), Avx2.T0);
    Grid256.eights(a, OWN, point -> a.movw(Avx2.FREE, Avx2.kept(2 * point)));
    Vec signs = Avx2.T0;
    a.emit(VMOVUPS, signs, Mem.at(at, words));
    a.shift(VPSRLW, signs, signs, 9);
    a.store(VEXTRACTI128, Avx2.T1.x(), signs, 1);
    a.emit(VPACKUSWB, signs.x(), signs.x(), Avx2.T1.x());
    a.emit(VINSERTI128, signs, signs, signs.x(), 1);
    Grid256.evenSigns(a);
    Grid256.join(a);
    scale(a, at, ScalarIQ2_XS.SCALES + 4 * half, SHIFTS);
  }

  /**
   * Eight scales of four bits.
   *
   * @param from where they begin in the block
   * @param shifts two constants: how far each lane's is from the lowest bit, and 15
   */
  static void scale(X86Assembler a, Gp at, int from, int shifts) {
    a.emit(VPBROADCASTD, Avx2.T0, Mem.at(at, from));
    a.emit(VPSRLVD, Avx2.T0, Avx2.T0, Avx2.constant(shifts));
    a.emit(VPAND, Avx2.T0, Avx2.T0, Avx2.constant(shifts + 1));
    Grid256.scale(a, Mem.at(at));
  }

  /** Of eight scales the shifts that {@link #scale} wants. */
  static byte[] shifts() {
    int[] groups = Avx2.groups();
    return Constants.ints(lane -> 4 * groups[lane % 8]);
  }
}
