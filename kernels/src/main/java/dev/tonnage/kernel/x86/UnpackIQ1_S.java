package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVW;
import static dev.tonnage.kernel.x86.Instruction.VPSRAD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.ScalarIQ1_S;

/** {@link ScalarIQ1_S}. */
final class UnpackIQ1_S implements Unpacker {

  private final ConstantPool constants = new ConstantPool();
  private final OddScales scales = new OddScales(0.25f, constants);
  private final Rm highBytes = constants.add(highBytes());
  private final Rm highShifts =
      constants.add(Constants.words(point -> new int[] {8, 5, 2, 7}[point % 4]));
  private final Rm highBits = constants.add(Constants.words(_ -> 0x700));
  private final Rm subs = constants.add(subs());
  private final Rm down = constants.add(Constants.bytes(_ -> ShiftedPoints.DOWN));
  private final Rm threeBits = constants.add(Constants.ints(_ -> 7));
  private final ShiftedPoints points = new ShiftedPoints(constants);

  /** To each point's lane the 16 bits of its sub-block, to the last of four their upper byte. */
  private static byte[] highBytes() {
    return Constants.words(point -> {
      int lower = point / 4 * 2;
      return point % 4 < 3 ? lower | ((lower + 1) << 8) : 0x8000 | (lower + 1);
    });
  }

  /** To each group's lane the 16 bits of its sub-block, as the upper half. */
  private static byte[] subs() {
    return Constants.ints(lane -> {
      int lower = lane / 2 * 2;
      return 0x8080 | (lower << 16) | ((lower + 1) << 24);
    });
  }

  @Override
  public String name() {
    return "iq1_s";
  }

  @Override
  public int bytes() {
    return ScalarIQ1_S.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return ShiftedPoints.OFFSET;
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
    Vec subs = Avx512.SCALES;
    a.emit(VBROADCASTI128, subs, Mem.at(at, ScalarIQ1_S.HIGH));
    a.emit(VPMOVZXBW, points, Mem.at(at, ScalarIQ1_S.QUANTS));
    a.emit(VPSHUFB, high, subs, highBytes);
    a.emit(VPSLLVW, high, high, highShifts);
    a.emit(VPTERNLOGD, points, high, highBits, Avx512.OR_AND);
    a.emit(VPSHUFB, subs, subs, this.subs);
    a.shift(VPSRAD, high, subs, 31);
    a.emit(VPAND, high, high, down);
    this.points.unpack(a, points, high, high);
    a.shift(VPSRLD, subs, subs, 28);
    a.emit(VPAND, subs, subs, threeBits);
    Avx512.broadcastHalf(a, Avx512.T0, Mem.at(at));
    scales.unpack(a, Avx512.T0, Avx512.T1);
  }
}
