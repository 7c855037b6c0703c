package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSRAD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLWD;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.ScalarIQ1_S;
import java.util.Optional;

/** {@link ScalarIQ1_S}. */
final class Unpack256IQ1_S implements Unpacker256 {

  /** What d is multiplied with, see {@link Grid256#scale}. */
  private static final float UNIT = 0.25f;

  /** The first of three that {@link Grid256#eights(X86Assembler, int, int)} takes. */
  private static final int SPREAD = Grid256.CONSTANTS;

  private static final int THREE_BITS = SPREAD + 3;
  private static final int UP = SPREAD + 4;
  private static final int OWN = 5;

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
    return ShiftedPoints256.OFFSET;
  }

  @Override
  public int most() {
    return ShiftedPoints256.MOST;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(Grid256.unit(UNIT));
  }

  @Override
  public byte[][] constants() {
    return Grid256.constants(
        Grid.IQ1_S,
        0,
        UNIT,
        // to each point's lane the 16 bits of its sub-block, to the last of four their upper byte
        Constants.words(point -> {
          int lower = point % 16 / 4 * 2;
          return point % 4 < 3 ? lower | ((lower + 1) << 8) : 0x8000 | (lower + 1);
        }),
        Constants.words(point -> new int[] {256, 32, 4, 128}[point % 4]),
        Constants.words(_ -> 0x700),
        Constants.ints(_ -> 7),
        Constants.bytes(_ -> ShiftedPoints256.UP));
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    Vec points = Avx2.T0;
    Vec high = Avx2.T1;
    Mem subs = Mem.at(at, ScalarIQ1_S.HIGH + 8 * half);
    a.emit(VPMOVZXBW, points, Mem.at(at, ScalarIQ1_S.QUANTS + 16 * half));
    a.emit(VPBROADCASTQ, high, subs);
    Grid256.eights(a, OWN, SPREAD);
    Vec down = Avx2.T0;
    for (int v = 0; v < 4; v++) {
      a.emit(VPBROADCASTW, down, subs.plus(2 * v));
      a.shift(VPSRAD, down, down, 31);
      ShiftedPoints256.shift(a, Avx2.WEIGHTS.get(v), down, Avx2.constant(UP));
    }
    Avx2.transpose(a);
    Vec scales = Avx2.T0;
    a.emit(VPBROADCASTQ, scales, subs);
    a.emit(VPUNPCKLWD, scales, scales, scales);
    a.shift(VPSRLD, scales, scales, 28);
    a.emit(VPAND, scales, scales, Avx2.constant(THREE_BITS));
    Grid256.scale(a, Mem.at(at));
  }
}
