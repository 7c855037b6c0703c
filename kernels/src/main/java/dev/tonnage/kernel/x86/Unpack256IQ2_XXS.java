package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VSHUFPS;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XXS;
import java.util.Optional;

/** {@link ScalarIQ2_XXS}: bytes are 43 more than the numbers. */
final class Unpack256IQ2_XXS implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 0.25f;

  private static final int MOST = 43;

  @Override
  public String name() {
    return "iq2_xxs";
  }

  @Override
  public int bytes() {
    return ScalarIQ2_XXS.BYTES;
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
    return Grid256.constants(Grid.IQ2_XXS, MOST, UNIT);
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Grid256.eights(
        a,
        0,
        point -> {
          int sub = 4 * half + point / 4;
          a.movb(Avx2.FREE, Mem.at(at, ScalarIQ2_XXS.SUBS + 8 * sub + point % 4));
        });
    packed(a, at, half);
    Grid256.splitSevens(a);
    Grid256.evenSigns(a);
    Grid256.join(a);
    packed(a, at, half);
    a.shift(VPSRLD, Avx2.T0, Avx2.T0, 28);
    Grid256.scale(a, Mem.at(at));
  }

  /** The second 32 bits of each of four sub-blocks, twice, to T0. */
  private static void packed(X86Assembler a, Gp at, int half) {
    int first = ScalarIQ2_XXS.SUBS + 32 * half;
    a.emit(VBROADCASTI128, Avx2.T0, Mem.at(at, first));
    a.emit(VBROADCASTI128, Avx2.T1, Mem.at(at, first + 16));
    a.emit(VSHUFPS, Avx2.T0, Avx2.T0, Avx2.T1, 0b11_01_11_01);
  }
}
