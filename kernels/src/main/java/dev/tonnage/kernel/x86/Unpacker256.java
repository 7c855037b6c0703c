package dev.tonnage.kernel.x86;

import java.util.Optional;

/**
 * How a half of 256 weights of a block format becomes four vectors of bytes in registers of 256
 * bits, with a scale for each of eight lanes and, where there are minima, what to subtract: {@link
 * Avx2} says which registers. See {@link ActivationRecord} for the order of the bytes.
 *
 * <p>The weights of a lane are {@code scale · (byte − bias)} or {@code scale · byte − less}.
 */
interface Unpacker256 extends Unpacking {

  @Override
  default int[] groups() {
    return Avx2.groups();
  }

  /**
   * Whether bytes have a sign; they may have one where products are made in pairs, without bias.
   */
  default boolean isSigned() {
    return false;
  }

  /** The largest magnitude of a byte. */
  int most();

  /** What a block's scales are whole multiples of, where they are: no more than 16 bits of them. */
  default Optional<Unit> unit() {
    return Optional.empty();
  }

  /**
   * A number of a block.
   *
   * @param at where the block has it, in half precision
   * @param factor which is multiplied with
   */
  record Unit(int at, float factor) {}

  /** 64 bytes each, which {@link #unpack} finds at {@link Avx2#constant}. */
  byte[][] constants();

  /**
   * Appends the code. It may use the weights' registers, {@link Avx2#T0} to {@link Avx2#T3}, and
   * rdx; what the first half leaves at {@link Avx2#kept} the second half finds there.
   *
   * @param at address of the 256 weights
   * @param half 0 or 1
   * @param blocks how many times 32 weights there are of the 256, 8 but at the end of a row; what
   *     is beyond may not be read and counts as zero; the half has at least one
   */
  void unpack(X86Assembler a, Gp at, int half, int blocks);
}
