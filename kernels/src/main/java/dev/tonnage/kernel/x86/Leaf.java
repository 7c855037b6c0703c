package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel.Beside;
import dev.tonnage.kernel.Memory;
import java.util.Locale;

/**
 * The frame of a kernel: a function of one argument, the address of a block of arguments, that
 * calls nobody and has no stack. Between {@link #begin} and {@link #end} it may use every vector
 * register and rax, rcx, rdx, rsi, r8 to r11; rdi holds the block's address.
 *
 * <p>Windows wants rsi, rdi and the lower parts of vector registers 6 to 15 back: they are kept in
 * the block. That half was never run.
 */
final class Leaf {

  /** Where a block of arguments has room for registers. */
  static final int SAVED = 256;

  /** Where it has room for 64 bytes that code keeps for a moment. */
  static final int ROOM = 128;

  /** Where it has the address of a tensor's first number, whose scales stand elsewhere. */
  static final int BASE = 440;

  /** Where it has the address of the first of these scales. */
  static final int BESIDE = 448;

  /** Where it has the bytes from scales to biases. */
  static final int TO_BIASES = 456;

  /** Bytes of a block of arguments. */
  static final int BLOCK_BYTES = 512;

  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private Leaf() {}

  /** Says where a tensor's scales are. */
  static void putBeside(Beside beside, long block) {
    Memory.i64(block + BASE, beside.base());
    Memory.i64(block + BESIDE, beside.scales());
    Memory.i64(block + TO_BIASES, beside.biases() - beside.scales());
  }

  /** The register in which a caller passes the first argument. */
  static Gp firstArgument() {
    return WINDOWS ? Gp.RCX : Gp.RDI;
  }

  static void begin(X86Assembler a) {
    if (WINDOWS) {
      a.mov(Mem.at(Gp.RCX, SAVED), Gp.RSI);
      a.mov(Mem.at(Gp.RCX, SAVED + 8), Gp.RDI);
      for (int i = 6; i < 16; i++) {
        a.store(Instruction.VMOVUPS_STORE, Mem.at(Gp.RCX, SAVED + 16 * (i - 5)), Vec.xmm(i));
      }
      a.mov(Gp.RDI, Gp.RCX);
    }
  }

  static void end(X86Assembler a) {
    a.vzeroupper();
    if (WINDOWS) {
      for (int i = 6; i < 16; i++) {
        a.emit(Instruction.VMOVUPS, Vec.xmm(i), Mem.at(Gp.RDI, SAVED + 16 * (i - 5)));
      }
      a.mov(Gp.RSI, Mem.at(Gp.RDI, SAVED));
      a.mov(Gp.RDI, Mem.at(Gp.RDI, SAVED + 8));
    }
    a.ret();
  }
}
