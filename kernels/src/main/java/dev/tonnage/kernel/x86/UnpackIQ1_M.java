package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VPADDD;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPMADDWD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLVW;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.ScalarIQ1_M;

/** {@link ScalarIQ1_M}. */
final class UnpackIQ1_M implements Unpacker {

  private final ConstantPool constants = new ConstantPool();
  private final OddScales scales = new OddScales(0.25f, constants);
  private final Rm highBytes = constants.add(Constants.bytesToShorts(point -> point / 2));
  private final Rm highShifts = constants.add(Constants.words(point -> 8 - point % 2 * 4));
  private final Rm highBits = constants.add(Constants.words(_ -> 0x700));
  private final Rm groupBytes = constants.add(Constants.ints(lane -> lane * 0x01010101));
  private final Rm down = constants.add(Constants.bytes(_ -> ShiftedPoints.DOWN));
  private final Rm fours =
      constants.add(Constants.ints(lane -> 0x80800000 | lane / 4 * 0x202 | 0x100));
  private final Rm scaleShifts = constants.add(Constants.ints(lane -> lane % 4 * 3));
  private final Rm threeBits = constants.add(Constants.ints(_ -> 7));
  private final Rm upperNibbles = constants.add(Constants.words(_ -> 0xf000));
  private final Rm quarters = constants.add(Constants.words(word -> 12 - word % 4 * 4));
  private final Rm ones = constants.add(Constants.words(_ -> 1));
  private final ShiftedPoints points = new ShiftedPoints(constants);

  @Override
  public String name() {
    return "iq1_m";
  }

  @Override
  public int bytes() {
    return ScalarIQ1_M.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
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
    Vec first = Avx512.T1;
    Vec second = Avx512.SUM;
    a.emit(VPMOVZXBW, points, Mem.at(at));
    a.emit(VBROADCASTI128, second, Mem.at(at, ScalarIQ1_M.HIGH));
    a.emit(VPSHUFB, first, second, highBytes);
    a.emit(VPSLLVW, first, first, highShifts);
    a.emit(VPTERNLOGD, points, first, highBits, Avx512.OR_AND);
    // of each byte bit 3 shifts the first point of a group, bit 7 the second
    a.emit(VPSHUFB, second, second, groupBytes);
    a.shift(VPSRLD, first, second, 1);
    a.shift(VPSRLD, second, second, 5);
    a.emit(VPAND, first, first, down);
    a.emit(VPAND, second, second, down);
    this.points.unpack(a, points, first, second);
    scales(a, Mem.at(at, ScalarIQ1_M.SCALES));
  }

  private void scales(X86Assembler a, Mem packed) {
    Vec scales = Avx512.SCALES;
    Vec d = Avx512.T0;
    Vec other = Avx512.T1;
    a.emit(VPBROADCASTQ, d, packed);
    a.emit(VPSHUFB, scales, d, fours);
    a.emit(VPSRLVD, scales, scales, scaleShifts);
    a.emit(VPAND, scales, scales, threeBits);
    // the upper nibbles of four times 16 bits, put together by sums
    a.emit(VPAND, d, d, upperNibbles);
    a.emit(VPSRLVW, d, d, quarters);
    a.emit(VPMADDWD, d, d, ones);
    a.emit(VPSHUFD, other, d, 0b10_11_00_01);
    a.emit(VPADDD, d, d, other);
    a.emit(VPBROADCASTW, d.y(), d.x());
    a.emit(VCVTPH2PS, d, d.y());
    this.scales.unpack(a, d, other);
  }
}
