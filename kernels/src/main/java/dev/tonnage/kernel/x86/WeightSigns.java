package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSRLW;
import static dev.tonnage.kernel.x86.Instruction.VPSUBB;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;
import static dev.tonnage.kernel.x86.Instruction.VPTESTMB;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.Signs;

/**
 * {@link Signs} of weights: two bytes of a lane have those of its group of sixteen. A minus turns a
 * byte that is 128 and a magnitude into 128 less it, which is what its negation is modulo 256.
 */
final class WeightSigns {

  /** The bytes of a lane that have signs. */
  enum In {
    BYTES_0_1(1),
    BYTES_0_2(2);

    private final int second;

    In(int second) {
      this.second = second;
    }
  }

  /** What the bytes of magnitudes are more than those. */
  static final Offset.Bias OFFSET = new Offset.Bias(128);

  private final Rm[] eights = new Rm[2];
  private final Rm[] bits = new Rm[2];
  private final Rm nibble;
  private final Rm parity;

  WeightSigns(In in, ConstantPool constants) {
    for (int i = 0; i < 2; i++) {
      int which = i;
      eights[i] = constants.add(Constants.quarters(i * in.second));
      bits[i] = constants.add(Constants.bytes(at -> 1 << (4 * which + at % 4)));
    }
    nibble = constants.add(Constants.bytes(_ -> 15));
    parity = constants.add(Constants.bytes(i -> Integer.bitCount(i % 16) % 2 << 7));
  }

  /** The byte of a magnitude. */
  static int biased(int magnitude) {
    return magnitude + OFFSET.bias();
  }

  /**
   * Of bytes with seven signs makes ones with eight, of which an even number is set.
   *
   * @param lower a register that is overwritten
   * @param upper another one
   * @param table another one
   */
  void complete(X86Assembler a, Vec signs, Vec lower, Vec upper, Vec table) {
    a.emit(VMOVUPS, table, parity);
    a.emit(VPAND, lower, signs, nibble);
    a.shift(VPSRLW, upper, signs, 4);
    a.emit(VPAND, upper, upper, nibble);
    a.emit(VPSHUFB, lower, table, lower);
    a.emit(VPSHUFB, upper, table, upper);
    a.emit(VPTERNLOGD, signs, lower, upper, Avx512.XOR);
  }

  /**
   * Gives the weights their signs.
   *
   * @param zero a register that is overwritten
   * @param eight another one
   */
  void apply(X86Assembler a, Vec signs, Vec zero, Vec eight) {
    a.emit(VPXOR, zero, zero, zero);
    for (int u = 0; u < 4; u++) {
      if (u % 2 == 0) {
        a.emit(VPSHUFB, eight, signs, eights[u / 2]);
      }
      Vec w = Avx512.WEIGHTS.get(u);
      a.emit(VPTESTMB, Mask.K1, eight, bits[u % 2]);
      a.emit(VPSUBB, Mask.K1, w, zero, w);
    }
  }
}
