package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.x86.Vec.Width;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors in memory that are in registers as well: code names the place in memory and is written
 * with the register. So those who write parts of a kernel need not know which registers the others
 * leave free.
 */
final class HeldVectors {

  private final X86Assembler a;

  /** How often a vector is read from each place in memory. */
  private final Map<Mem, Integer> reads = new HashMap<>();

  /** Numbers of the registers. */
  private final Map<Mem, Integer> registers = new HashMap<>();

  HeldVectors(X86Assembler a) {
    this.a = a;
  }

  /** What an operand is written as. */
  Rm instead(Rm operand, Width width) {
    if (operand instanceof Mem place) {
      reads.merge(place, 1, Integer::sum);
      Integer register = registers.get(place);
      return register == null ? operand : new Vec(register, width);
    }
    return operand;
  }

  /**
   * Loads what some code reads most often to registers, from which all code takes it that is
   * written until {@link #release}.
   *
   * @param rehearsal what the code was written with once already, to be thrown away
   * @param base where the vectors are, which nobody changes
   * @param free registers that nobody uses
   */
  void hold(X86Assembler rehearsal, Gp base, List<Vec> free) {
    List<Mem> places = rehearsal.held.mostRead(base);
    for (int i = 0; i < Math.min(places.size(), free.size()); i++) {
      a.emit(Instruction.VMOVUPS, free.get(i), places.get(i));
      registers.put(places.get(i), free.get(i).number());
    }
  }

  private List<Mem> mostRead(Gp base) {
    return reads.entrySet().stream()
        .filter(read -> read.getKey().base() == base)
        .sorted(
            Comparator.<Map.Entry<Mem, Integer>>comparingInt(read -> -read.getValue())
                .thenComparingInt(read -> read.getKey().displacement()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The registers are free again. */
  void release() {
    registers.clear();
  }
}
