package dev.tonnage.kernel.x86;

/**
 * What a kernel must know of a block format: how 256 weights become four vectors of bytes in
 * registers, with a scale for each lane and, where there are minima, what to subtract. See {@link
 * ActivationRecord} for the order of the bytes.
 *
 * <p>The weights of a lane are {@code scale · (byte − bias)} or {@code scale · byte − less}; the
 * bytes are unsigned.
 */
interface Unpacker {

  /** For names of code: {@code q4_k}. */
  String name();

  /** Bytes of 256 weights. */
  int bytes();

  /** Bytes of so many times 32 weights, the last of a row. */
  default int bytes(int blocks) {
    if (blocks % 8 != 0) {
      throw new IllegalArgumentException(name() + " has blocks of 256");
    }
    return bytes() * blocks / 8;
  }

  /** How many neighbours share a scale. */
  Grouping grouping();

  /** What is subtracted in each lane. */
  Offset offset();

  /** Which group of sixteen weights each of the sixteen lanes has. */
  int[] groups();

  /** 64 bytes each, which {@link #unpack} finds in the registers {@link Avx512#constant}. */
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
