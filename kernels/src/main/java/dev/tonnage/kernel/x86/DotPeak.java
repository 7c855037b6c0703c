package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.PeakLoop;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.lang.foreign.Arena;

/** Dot products of bytes in registers: twelve sums, where two units with four cycles need eight. */
record DotPeak(CodeFamily code, Vec.Width width) implements PeakLoop {

  private static final int SUMS = 12;

  /** Adds the dot products of two registers' bytes to a third. */
  @FunctionalInterface
  interface Dot {
    void emit(X86Assembler a, Vec sum, Vec weights, Vec activations);
  }

  /** The code; its argument block holds the number of rounds. */
  static byte[] code(Vnni vnni, Vec.Width width, Dot dot) {
    var a = new X86Assembler(vnni);
    Leaf.begin(a);
    a.mov(Gp.RAX, Mem.at(Gp.RDI));
    for (int i = 0; i < SUMS + 2; i++) {
      Vec register = new Vec(i, width);
      a.emit(VPXOR, register, register, register);
    }
    var round = a.here();
    for (int i = 0; i < SUMS; i++) {
      dot.emit(a, new Vec(i, width), new Vec(SUMS, width), new Vec(SUMS + 1, width));
    }
    a.sub(Gp.RAX, 1);
    a.jump(Condition.NOT_EQUAL, round);
    Leaf.end(a);
    return a.finish();
  }

  @Override
  public int roundMultiplyAdds() {
    return SUMS * width.bytes();
  }

  @Override
  public float run(int rounds) {
    try (Arena arena = Arena.ofConfined()) {
      long block = arena.allocate(Leaf.BLOCK_BYTES, 64).address();
      Memory.i64(block, rounds);
      code.run(0, block);
    }
    return 0;
  }
}
