package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI128;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMADDUBSW;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;

import dev.tonnage.kernel.scalar.ScalarQ4_K;
import java.util.Optional;

/**
 * {@link ScalarQ4_K}: of 32 bytes the lower nibbles are one sub-block, the upper ones the next.
 * Lanes in turns take the lower and the upper nibbles of the same bytes.
 */
final class Unpack256Q4_K implements Unpacker256 {

  /** How many constants {@link #scaleConstants} are. */
  static final int SCALE_CONSTANTS = 4;

  /** Which two bytes, and which of their bits, times what; and what that is too much. */
  private static final int BYTES_OF = Nibbles256.CONSTANTS;

  private static final int BITS_OF = BYTES_OF + 1;
  private static final int FACTORS = BYTES_OF + 2;
  private static final int SIXTEENTH = BYTES_OF + 3;

  /** Where units are kept, behind scales and minima. */
  private static final int UNITS = 64;

  @Override
  public String name() {
    return "q4_k";
  }

  @Override
  public int bytes() {
    return ScalarQ4_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int most() {
    return 15;
  }

  @Override
  public Optional<Unit> unit() {
    return Optional.of(new Unit(0, 1));
  }

  @Override
  public byte[][] constants() {
    return Nibbles256.constants(scaleConstants());
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    if (half == 0) {
      keepScales(a, at);
    }
    a.emit(VMOVUPS, Avx2.T0, Mem.at(at, ScalarQ4_K.QUANTS + 64 * half));
    a.emit(VMOVUPS, Avx2.T1, Mem.at(at, ScalarQ4_K.QUANTS + 64 * half + 32));
    Nibbles256.split(a);
    takeScales(a, half);
  }

  /** What {@link #keepScales} finds behind those of {@link Nibbles256}: scales' and minima's. */
  static byte[][] scaleConstants() {
    return new byte[][] {
      Constants.ints(lane -> {
        int sub = lane % 8;
        boolean isMin = lane >= 8;
        int first = ScalarQ4_K.SCALES + (isMin ? 4 : 0) + sub % 4;
        int last = ScalarQ4_K.SCALES + 8 + sub % 4;
        return 0x80800000 | (sub < 4 ? 0x8000 | first : first << 8 | last);
      }),
      Constants.ints(lane -> lane % 8 < 4 ? 0x3f : lane < 8 ? 0xc00f : 0xc0f0),
      Constants.ints(lane -> lane % 8 < 4 ? 16 : lane < 8 ? 0x0410 : 0x0401),
      Constants.floats(1f / 16)
    };
  }

  /**
   * Eight scales and eight minima of six bits, as {@link ScalarQ4_K} has them, are kept. A byte has
   * six bits, or four, and another one the two on top of them: both times what makes it sixteen
   * times the scale or min.
   */
  static void keepScales(X86Assembler a, Gp at) {
    Vec block = Avx2.T0; // d, dmin, and twelve bytes, in both halves
    Vec units = Avx2.T1.x();
    a.emit(VBROADCASTI128, block, Mem.at(at));
    a.emit(VCVTPH2PS, units, block.x());
    a.emit(VMULPS, units, units, Avx2.constant(SIXTEENTH));
    a.store(VMOVUPS_STORE, Avx2.kept(UNITS), units);
    keep(a, block, 0);
    keep(a, block, 1);
  }

  /** Scales (0) or minima (1). */
  private static void keep(X86Assembler a, Vec block, int which) {
    Vec scales = Avx2.T1;
    Vec unit = Avx2.T2;
    a.emit(VPSHUFB, scales, block, Avx2.constant(BYTES_OF, which));
    a.emit(VPAND, scales, scales, Avx2.constant(BITS_OF, which));
    a.emit(VPMADDUBSW, scales, scales, Avx2.constant(FACTORS, which));
    a.emit(VCVTDQ2PS, scales, scales);
    a.emit(VBROADCASTSS, unit, Avx2.kept(UNITS + 4 * which));
    a.emit(VMULPS, scales, scales, unit);
    a.store(VMOVUPS_STORE, Avx2.kept(32 * which), scales);
  }

  /** Of four sub-blocks, to the lanes of their groups. */
  static void takeScales(X86Assembler a, int half) {
    a.emit(VBROADCASTI128, Avx2.SCALES, Avx2.kept(16 * half));
    a.emit(VBROADCASTI128, Avx2.LESS, Avx2.kept(32 + 16 * half));
  }
}
