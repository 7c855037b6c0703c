package dev.tonnage.kernel.x86;

/**
 * How 256 weights of a block format become four vectors of bytes in registers of 512 bits, with a
 * scale for each lane and, where there are minima, what to subtract. See {@link ActivationRecord}
 * for the order of the bytes.
 *
 * <p>The weights of a lane are {@code scale · (byte − bias)} or {@code scale · byte − less}; the
 * bytes are unsigned.
 */
interface Unpacker extends Unpacking {

  /**
   * 64 bytes each, which {@link #unpack} finds as {@link Avx512#operand}, the first twelve in
   * registers ({@link Avx512#constant}).
   */
  byte[][] constants();

  /**
   * Appends the code.
   *
   * @param at address of the weights
   * @param blocks how many times 32 weights there are, 8 but at the end of a row; what is beyond
   *     may not be read and counts as zero
   */
  void unpack(X86Assembler a, Gp at, int blocks);
}
