package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_XS;

/** {@link ScalarIQ2_XS}. */
final class UnpackIQ2_XS implements Unpacker {

  private static final GridLevels LEVELS = new GridLevels(Grid.IQ2_XS, 8);

  private final ConstantPool constants = new ConstantPool();
  private final PermutedGrid grid = new PermutedGrid(LEVELS, constants);
  private final PointsOf8 points = new PointsOf8(LEVELS.table(WeightSigns::biased), constants);
  private final WeightSigns signs = new WeightSigns(WeightSigns.In.BYTES_0_2, constants);
  private final NibbleScales nibbles = new NibbleScales(grouping(), constants);
  private final OddScales scales = new OddScales(0.25f, constants);
  private final Rm nineBits = constants.add(Constants.words(_ -> 511));

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
    Vec signs = Avx512.T0;
    Vec points = Avx512.T1;
    a.emit(VMOVUPS, signs, Mem.at(at, ScalarIQ2_XS.QUANTS));
    a.emit(VPAND, points, signs, nineBits);
    a.shift(VPSRLW, signs, signs, 9);
    grid.lookUp(a, points);
    this.points.unpack(a, points, Avx512.T2, Avx512.T3);
    this.signs.complete(a, signs, Avx512.T2, Avx512.T3, Avx512.T4);
    this.signs.apply(a, signs, Avx512.T2, Avx512.T3);
    nibbles.unpack(a, Mem.at(at, ScalarIQ2_XS.SCALES));
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }
}
