package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXDQ;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_XXS;

/** {@link ScalarIQ3_XXS}. */
final class UnpackIQ3_XXS implements Unpacker {

  private static final GridLevels LEVELS = new GridLevels(Grid.IQ3_XXS, 4);

  private final ConstantPool constants = new ConstantPool();
  private final PermutedGrid grid = new PermutedGrid(LEVELS, constants);
  private final PointsOf4 points = new PointsOf4(LEVELS.table(WeightSigns::biased), constants);
  private final SevenSigns signs = new SevenSigns(constants);
  private final OddScales scales = new OddScales(0.5f, constants);
  private final Rm lowerByte = constants.add(Constants.words(_ -> 0xff));

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
    return WeightSigns.OFFSET;
  }

  @Override
  public int[] groups() {
    return Avx512.groupsInOrder();
  }

  @Override
  public byte[][] constants() {
    return constants.values();
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    Vec even = Avx512.T0;
    Vec odd = Avx512.T1;
    a.emit(VMOVUPS, odd, Mem.at(at, ScalarIQ3_XXS.QUANTS));
    a.emit(VPAND, even, odd, lowerByte);
    a.shift(VPSRLW, odd, odd, 8);
    grid.lookUp(a, even);
    grid.lookUp(a, odd);
    points.unpack(a, even, odd, Avx512.T2);
    a.emit(VPMOVZXDQ, Avx512.T0, Mem.at(at, ScalarIQ3_XXS.SIGNS));
    a.emit(VPSHUFD, Avx512.T0, Avx512.T0, 0b10_10_00_00);
    signs.unpack(a, Avx512.T0);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }
}
