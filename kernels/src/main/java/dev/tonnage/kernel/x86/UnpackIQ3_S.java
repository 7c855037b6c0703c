package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXWD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVW;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ3_S;

/** {@link ScalarIQ3_S}. */
final class UnpackIQ3_S implements Unpacker {

  private static final GridLevels LEVELS = new GridLevels(Grid.IQ3_S, 4);

  private final ConstantPool constants = new ConstantPool();
  private final PermutedGrid grid = new PermutedGrid(LEVELS, constants);
  private final PointsOf4 points = new PointsOf4(LEVELS.table(WeightSigns::biased), constants);
  private final WeightSigns signs = new WeightSigns(WeightSigns.In.BYTES_0_1, constants);
  private final NibbleScales nibbles = new NibbleScales(grouping(), constants);
  private final OddScales scales = new OddScales(2, constants);
  private final Rm lowerByte = constants.add(Constants.words(_ -> 0xff));
  private final Rm highBytes = constants.add(Constants.bytesToShorts(word -> word / 4));
  private final Rm evenShifts = constants.add(highShifts(0));
  private final Rm oddShifts = constants.add(highShifts(1));
  private final Rm ninthBit = constants.add(Constants.words(_ -> 0x100));

  /** What brings the ninth bits of even or odd points to their place. */
  private static byte[] highShifts(int odd) {
    return Constants.words(word -> 8 - (2 * word + odd) % 8);
  }

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
    a.emit(VMOVUPS, odd, Mem.at(at, ScalarIQ3_S.QUANTS));
    a.emit(VPAND, even, odd, lowerByte);
    a.shift(VPSRLW, odd, odd, 8);
    Vec high = Avx512.T2;
    a.emit(VPBROADCASTQ, high, Mem.at(at, ScalarIQ3_S.HIGH));
    a.emit(VPSHUFB, high, high, highBytes);
    ninthBits(a, even, high, evenShifts);
    ninthBits(a, odd, high, oddShifts);
    grid.lookUp(a, even);
    grid.lookUp(a, odd);
    points.unpack(a, even, odd, Avx512.T2);
    a.emit(VPMOVZXWD, Avx512.T1, Mem.at(at, ScalarIQ3_S.SIGNS));
    signs.apply(a, Avx512.T1, Avx512.T2, Avx512.T3);
    nibbles.unpack(a, Mem.at(at, ScalarIQ3_S.SCALES));
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }

  private void ninthBits(X86Assembler a, Vec points, Vec high, Rm shifts) {
    a.emit(VPSLLVW, Avx512.T3, high, shifts);
    a.emit(VPTERNLOGD, points, Avx512.T3, ninthBit, Avx512.OR_AND);
  }
}
