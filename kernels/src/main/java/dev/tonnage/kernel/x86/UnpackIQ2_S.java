package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ2_S;

/** {@link ScalarIQ2_S}. */
final class UnpackIQ2_S implements Unpacker {

  private static final GridLevels LEVELS = new GridLevels(Grid.IQ2_S, 8);

  private final ConstantPool constants = new ConstantPool();
  private final PermutedGrid grid = new PermutedGrid(LEVELS, constants);
  private final PointsOf8 points = new PointsOf8(LEVELS.table(WeightSigns::biased), constants);
  private final WeightSigns signs = new WeightSigns(WeightSigns.In.BYTES_0_1, constants);
  private final NibbleScales nibbles = new NibbleScales(grouping(), constants);
  private final OddScales scales = new OddScales(0.25f, constants);
  private final Rm highBytes = constants.add(Constants.bytesToShorts(point -> point / 4));
  private final Rm highShifts = constants.add(Constants.words(point -> 8 - point % 4 * 2));
  private final Rm highBits = constants.add(Constants.words(_ -> 0x300));

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
    Vec points = Avx512.T0;
    Vec high = Avx512.T1;
    a.emit(VPMOVZXBW, points, Mem.at(at, ScalarIQ2_S.QUANTS));
    a.emit(VPBROADCASTQ, high, Mem.at(at, ScalarIQ2_S.HIGH));
    a.emit(VPSHUFB, high, high, highBytes);
    a.emit(VPSLLVW, high, high, highShifts);
    a.emit(VPTERNLOGD, points, high, highBits, Avx512.OR_AND);
    grid.lookUp(a, points);
    this.points.unpack(a, points, Avx512.T2, Avx512.T3);
    a.emit(VPMOVZXWD, Avx512.T1, Mem.at(at, ScalarIQ2_S.SIGNS));
    signs.apply(a, Avx512.T1, Avx512.T2, Avx512.T3);
    nibbles.unpack(a, Mem.at(at, ScalarIQ2_S.SCALES));
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }
}
