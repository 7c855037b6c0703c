package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMD;
import static dev.tonnage.kernel.x86.Instruction.VPROLVD;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;

import dev.tonnage.kernel.scalar.ScalarQ5_K;
import java.util.Arrays;

/** {@link ScalarQ5_K}: lanes, nibbles and scales are those of {@link UnpackQ4_K}. */
final class UnpackQ5_K implements Unpacker {

  private static final int OF_Q4_K = 11;
  private static final Vec TURNS = Avx512.constant(OF_Q4_K);
  private static final Rm FIFTH_BITS = Avx512.operand(OF_Q4_K + 1);

  private final UnpackQ4_K nibbles = new UnpackQ4_K();

  @Override
  public String name() {
    return "q5_k";
  }

  @Override
  public int bytes() {
    return ScalarQ5_K.BYTES;
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
  public int[] groups() {
    return nibbles.groups();
  }

  @Override
  public byte[][] constants() {
    byte[][] constants = Arrays.copyOf(nibbles.constants(), OF_Q4_K + 6);
    // a sub-block's bit of each byte turns to bit 4
    constants[OF_Q4_K] = Constants.ints(lane -> 4 - UnpackQ4_K.sub(lane));
    constants[OF_Q4_K + 1] = Constants.ints(_ -> 0x10101010);
    for (int u = 0; u < 4; u++) {
      int dword = u;
      constants[OF_Q4_K + 2 + u] = Constants.ints(lane -> lane % 2 * 4 + dword);
    }
    return constants;
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    UnpackQ4_K.nibbles(a, at, ScalarQ5_K.QUANTS);
    for (int u = 0; u < 4; u++) {
      a.emit(VMOVUPS, Avx512.T0, Avx512.operand(OF_Q4_K + 2 + u));
      a.emit(VPERMD, Avx512.T0, Avx512.T0, Mem.at(at, ScalarQ5_K.HIGH));
      a.emit(VPROLVD, Avx512.T0, Avx512.T0, TURNS);
      a.emit(VPTERNLOGD, Avx512.WEIGHTS.get(u), Avx512.T0, FIFTH_BITS, Avx512.OR_AND);
    }
    UnpackQ4_K.scales(a, at);
  }
}
