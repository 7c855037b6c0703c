package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVQD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XXS;

/** {@link ScalarIQ2_XXS}. */
final class UnpackIQ2_XXS implements Unpacker {

  private static final GridLevels LEVELS = new GridLevels(Grid.IQ2_XXS, 8);

  private final ConstantPool constants = new ConstantPool();
  private final PermutedGrid grid = new PermutedGrid(LEVELS, constants);
  private final PointsOf8 points = new PointsOf8(LEVELS.table(WeightSigns::biased), constants);
  private final SevenSigns signs = new SevenSigns(constants);
  private final OddScales scales = new OddScales(0.25f, constants);

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
    Vec subs = Avx512.T0;
    Vec points = Avx512.T1;
    a.emit(VMOVUPS, subs, Mem.at(at, ScalarIQ2_XXS.SUBS));
    a.store(VPMOVQD, points.y(), subs); // of each sub-block four bytes
    a.emit(VPMOVZXBW, points, points.y());
    grid.lookUp(a, points);
    this.points.unpack(a, points, Avx512.T2, Avx512.T3);
    a.emit(VPSHUFD, subs, subs, 0b11_11_01_01); // and the other four
    signs.unpack(a, subs);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }
}
