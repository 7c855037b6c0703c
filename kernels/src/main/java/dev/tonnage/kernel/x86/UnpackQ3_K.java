package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTI64X4;
import static dev.tonnage.kernel.x86.Instruction.VPROLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.ScalarQ3_K;
import java.util.Arrays;

/** {@link ScalarQ3_K}: bytes are 4 more than the numbers. */
final class UnpackQ3_K implements Unpacker {

  private static final Vec TURNS = Avx512.constant(TwoBits.CONSTANTS);
  private static final Vec THIRD_BITS = Avx512.constant(TwoBits.CONSTANTS + 1);
  private static final int OF_SCALES = TwoBits.CONSTANTS + 2;

  /** Sixteen bytes that end with the packed scales and d. */
  private static final int LAST = ScalarQ3_K.BYTES - 16;

  private static final int PACKED = ScalarQ3_K.SCALES - LAST;

  private final int[] groups = TwoBits.groups();

  private final SixBitScales scales =
      new SixBitScales(
          OF_SCALES,
          lane -> PACKED + groups[lane] % 8,
          lane -> 4 * (groups[lane] / 8),
          lane -> PACKED + 8 + groups[lane] % 4,
          lane -> 2 * (groups[lane] / 4));

  @Override
  public String name() {
    return "q3_k";
  }

  @Override
  public int bytes() {
    return ScalarQ3_K.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_16;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(4);
  }

  @Override
  public int[] groups() {
    return groups.clone();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Arrays.copyOf(TwoBits.constants(), OF_SCALES + SixBitScales.CONSTANTS);
    // the bit of each byte that belongs to a lane's numbers turns to bit 2
    constants[TwoBits.CONSTANTS] = Constants.ints(lane -> 2 - groups[lane] / 2);
    constants[TwoBits.CONSTANTS + 1] = Constants.ints(_ -> 0x04040404);
    scales.addTo(constants);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    TwoBits.unpack(a, Mem.at(at, ScalarQ3_K.QUANTS));
    a.emit(VBROADCASTI64X4, Avx512.T0, Mem.at(at));
    for (int u = 0; u < 4; u++) {
      a.emit(VPSHUFD, Avx512.T1, Avx512.T0, u * 0b01_01_01_01);
      a.emit(VPROLVD, Avx512.T1, Avx512.T1, TURNS);
      a.emit(VPTERNLOGD, Avx512.WEIGHTS.get(u), Avx512.T1, THIRD_BITS, Avx512.OR_AND);
    }
    scales.unpack(a, Mem.at(at, LAST), Mem.at(at, ScalarQ3_K.D));
  }
}
