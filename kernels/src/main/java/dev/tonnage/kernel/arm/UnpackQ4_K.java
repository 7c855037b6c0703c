package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.GeneralAssembler.Shift;

/**
 * Q4_K: super-blocks of 256 in 144 bytes: half-precision d and dmin, eight scales and eight minima
 * of six bits in 12 bytes, then 128 bytes of nibbles, of which each 32 hold two blocks. A
 * super-block is two groups.
 */
record UnpackQ4_K() implements Unpacker {

  private static final int BLOCK_BYTES = 144;

  /** Where the packed scales begin. */
  private static final int PACKED = 4;

  /** Where the nibbles begin. */
  private static final int NIBBLES = 16;

  private static final Gp SIX_BITS = Gp.x(13);
  private static final Gp FOUR_BITS = Gp.x(14);

  /** A byte for each scale and then for each of the minima of the first group, of the second. */
  private static final Gp FIRST = Gp.x(15);

  private static final Gp SECOND = Gp.x(16);
  private static final Gp UPPER = Gp.x(17);

  private static final Vec FACTORS = Vec.v(2, Shape.S4);
  private static final Vec PAIRS = Vec.v(3, Shape.H8);
  private static final Vec LOWER_NIBBLES = Vec.v(4, Shape.B16);

  @Override
  public boolean hasMinima() {
    return true;
  }

  @Override
  public int stepBytes() {
    return BLOCK_BYTES;
  }

  @Override
  public int groups() {
    return 2;
  }

  @Override
  public void begin(A64Assembler a) {
    a.mov(SIX_BITS, 0x3f3f_3f3f_3f3f_3f3fL);
    a.mov(FOUR_BITS, 0x0f0f_0f0f_0f0f_0f0fL);
  }

  @Override
  public void group(A64Assembler a, int group) {
    if (group == 0) {
      unpackScales(a);
    }
    widen(a, group == 0 ? FIRST : SECOND);
    a.movi(LOWER_NIBBLES, 15);
    for (int pair = 0; pair < 2; pair++) {
      nibbles(a, pair, NIBBLES + 64 * group + 32 * pair);
    }
    if (group == 1) {
      a.add(CURSOR, CURSOR, BLOCK_BYTES);
      a.sub(LEFT, LEFT, 1);
    }
  }

  /**
   * Scales and minima at once, as two times eight bytes. Four bytes hold the first scales in their
   * lower six bits, four more the first minima; the second ones have their lower four bits in the
   * last four bytes and their upper two above the first ones.
   */
  private static void unpackScales(A64Assembler a) {
    a.ldr(FIRST, Mem.at(CURSOR, PACKED));
    a.ldr(SECOND.w(), Mem.at(CURSOR, PACKED + 8));
    // the upper nibbles come to lie in the lower ones of the upper half
    a.orr(SECOND, SECOND, SECOND, Shift.LEFT, 28);
    a.and(SECOND, SECOND, FOUR_BITS);
    a.bic(UPPER, FIRST, SIX_BITS);
    a.orr(SECOND, SECOND, UPPER, Shift.RIGHT, 2);
    a.and(FIRST, FIRST, SIX_BITS);
  }

  /** Eight bytes to the scales and minima of a group, d and dmin included, without a rounding. */
  private static void widen(A64Assembler a, Gp bytes) {
    a.ldr(FACTORS.as(Shape.S), Mem.at(CURSOR));
    a.emit(Instruction.FCVTL, FACTORS, FACTORS.as(Shape.H4));
    a.fmov(PAIRS.as(Shape.D), bytes);
    a.shift(Instruction.USHLL, PAIRS, PAIRS.as(Shape.B8), 0);
    a.shift(Instruction.USHLL, SCALES, PAIRS.as(Shape.H4), 0);
    a.shift(Instruction.USHLL, MINIMA, PAIRS, 0);
    a.emit(Instruction.UCVTF, SCALES, SCALES);
    a.emit(Instruction.UCVTF, MINIMA, MINIMA);
    a.emit(Instruction.FMUL_LANE, SCALES, SCALES, FACTORS, 0);
    a.emit(Instruction.FMUL_LANE, MINIMA, MINIMA, FACTORS, 1);
  }

  /** 32 bytes to two blocks: the lower nibbles, and the upper ones. */
  private static void nibbles(A64Assembler a, int pair, int at) {
    for (int half = 0; half < 2; half++) {
      Vec lower = Unpacker.bytes(4 * pair + half);
      Vec upper = Unpacker.bytes(4 * pair + 2 + half);
      a.ldr(upper.as(Shape.Q), Mem.at(CURSOR, at + 16 * half));
      a.emit(Instruction.AND, lower, upper, LOWER_NIBBLES);
      a.shift(Instruction.USHR, upper, upper, 4);
    }
  }
}
