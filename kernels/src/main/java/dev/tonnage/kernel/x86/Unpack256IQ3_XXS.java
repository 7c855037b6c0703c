package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_XXS;
import java.util.Optional;

/** {@link ScalarIQ3_XXS}: bytes are 62 more than the numbers. */
final class Unpack256IQ3_XXS implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 0.5f;

  private static final int MOST = 62;

  @Override
  public String name() {
    return "iq3_xxs";
  }

  @Override
  public int bytes() {
    return ScalarIQ3_XXS.BYTES;
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
    return Grid256.constants(Grid.IQ3_XXS, MOST, UNIT);
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Grid256.fours(
        a, 0, point -> a.movb(Avx2.FREE, Mem.at(at, ScalarIQ3_XXS.QUANTS + 32 * half + point)));
    Mem packed = Mem.at(at, ScalarIQ3_XXS.SIGNS + 16 * half);
    a.emit(VBROADCASTI128, Avx2.T0, packed);
    Grid256.splitSevens(a);
    Grid256.evenSigns(a);
    Grid256.join(a);
    a.emit(VBROADCASTI128, Avx2.T0, packed);
    a.shift(VPSRLD, Avx2.T0, Avx2.T0, 28);
    Grid256.scale(a, Mem.at(at));
  }
}
