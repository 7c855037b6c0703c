package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQB;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVQ;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ1_M;

/** {@link ScalarIQ1_M}. */
final class Unpack256IQ1_M implements Unpacker256 {

  /** The first of three that {@link Grid256#eights(X86Assembler, int, int)} takes. */
  private static final int SPREAD = Grid256.CONSTANTS;

  private static final int UP = SPREAD + 3;
  private static final int SHIFT_BYTES = SPREAD + 4;
  private static final int SHIFT_BITS = SPREAD + 6;
  private static final int SCALE_SHIFTS = SPREAD + 7;
  private static final int THREE_BITS = SPREAD + 8;
  private static final int QUARTER_SHIFTS = SPREAD + 9;
  private static final int QUARTERS = SPREAD + 10;
  private static final int OWN = 11;

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
    return ShiftedPoints256.OFFSET;
  }

  @Override
  public int most() {
    return ShiftedPoints256.MOST;
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return Grid256.constants(
        Grid.IQ1_S,
        0,
        0.25f,
        Constants.bytesToShorts(point -> point % 16 / 2),
        Constants.words(point -> point % 2 == 0 ? 256 : 16),
        Constants.words(_ -> 0x700),
        Constants.bytes(_ -> ShiftedPoints256.UP),
        // of two vectors each: sixteen weights have a byte, whose bits 3 and 7 shift eight
        Constants.bytes(lane -> lane / 16),
        Constants.bytes(lane -> 4 + lane / 16),
        Constants.bytes(lane -> lane % 16 < 8 ? 0x08 : 0x80),
        Constants.ints(lane -> groups[lane % 8] / 4 * 16 + groups[lane % 8] % 4 * 3),
        Constants.ints(_ -> 7),
        Constants.ints(lane -> lane % 2 == 0 ? 12 + lane % 8 / 2 * 12 : 0),
        Constants.ints(lane -> lane % 2 == 0 ? 0xf << (lane % 8 / 2 * 4) : 0));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec points = Avx2.T0;
    Vec high = Avx2.T1;
    Mem nibbles = Mem.at(at, ScalarIQ1_M.HIGH + 8 * half);
    a.emit(VPMOVZXBW, points, Mem.at(at, 16 * half));
    a.emit(VPBROADCASTQ, high, nibbles);
    Grid256.eights(a, OWN, SPREAD);
    Vec down = Avx2.T0;
    for (int v = 0; v < 4; v++) {
      a.emit(VPBROADCASTQ, down, nibbles);
      a.emit(VPSHUFB, down, down, Avx2.constant(SHIFT_BYTES + v / 2, v % 2));
      a.emit(VPAND, down, down, Avx2.constant(SHIFT_BITS));
      a.emit(VPCMPEQB, down, down, Avx2.constant(SHIFT_BITS));
      ShiftedPoints256.shift(a, Avx2.WEIGHTS.get(v), down, Avx2.constant(UP));
    }
    Avx2.transpose(a);
    scales(a, Mem.at(at, ScalarIQ1_M.SCALES), half);
  }

  private static void scales(X86Assembler a, Mem packed, int half) {
    Vec scales = Avx2.T0;
    Vec d = Avx2.T1;
    Vec other = Avx2.T2;
    // the upper nibbles of four times 16 bits, put together
    a.emit(VPBROADCASTQ, d, packed);
    a.emit(VPSRLVQ, d, d, Avx2.constant(QUARTER_SHIFTS));
    a.emit(VPAND, d, d, Avx2.constant(QUARTERS));
    a.store(VEXTRACTI128, other.x(), d, 1);
    a.emit(VPOR, d.x(), d.x(), other.x());
    a.emit(VPSHUFD, other.x(), d.x(), 0b11_10_11_10);
    a.emit(VPOR, d.x(), d.x(), other.x());
    a.emit(VPBROADCASTW, d.x(), d.x());
    a.emit(VCVTPH2PS, d, d.x());
    a.emit(VPBROADCASTD, scales, packed.plus(4 * half));
    a.emit(VPSRLVD, scales, scales, Avx2.constant(SCALE_SHIFTS));
    a.emit(VPAND, scales, scales, Avx2.constant(THREE_BITS));
    Grid256.scale(a);
  }
}
