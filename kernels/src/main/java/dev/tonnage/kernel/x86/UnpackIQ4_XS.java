package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;

import dev.tonnage.kernel.scalar.ScalarIQ4_NL;
import dev.tonnage.kernel.scalar.ScalarIQ4_XS;

/** {@link ScalarIQ4_XS}. */
final class UnpackIQ4_XS implements Unpacker {

  private static final Vec LEVELS = Avx512.constant(Nibbles.CONSTANTS);
  private static final int OF_SCALES = Nibbles.CONSTANTS + 1;

  private final SixBitScales scales =
      new SixBitScales(
          OF_SCALES,
          lane -> 4 + Nibbles.block(lane) / 2,
          lane -> 4 * (lane % 2),
          lane -> 2 + Nibbles.block(lane) / 4,
          lane -> 2 * (lane % 4));

  @Override
  public String name() {
    return "iq4_xs";
  }

  @Override
  public int bytes() {
    return ScalarIQ4_XS.BYTES;
  }

  @Override
  public Grouping grouping() {
    return Grouping.OF_32;
  }

  @Override
  public Offset offset() {
    return new Offset.Bias(128);
  }

  @Override
  public int[] groups() {
    return Nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Nibbles.constants(1 + SixBitScales.CONSTANTS);
    constants[Nibbles.CONSTANTS] = Nibbles.levels(ScalarIQ4_NL.levels(), offset());
    scales.addTo(constants);
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    a.emit(VMOVUPS, Avx512.T0, Mem.at(at, ScalarIQ4_XS.QUANTS));
    a.emit(VMOVUPS, Avx512.T1, Mem.at(at, ScalarIQ4_XS.QUANTS + 64));
    Nibbles.unpack(a);
    Nibbles.choose(a, LEVELS);
    scales.unpack(a, Mem.at(at), Mem.at(at));
  }
}
