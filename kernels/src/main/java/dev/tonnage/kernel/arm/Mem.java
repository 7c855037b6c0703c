package dev.tonnage.kernel.arm;

/**
 * An operand in memory.
 *
 * @param base 64 bits
 * @param offset in bytes; how far it may be depends on the instruction
 */
record Mem(Gp base, int offset) {

  Mem {
    if (base.number() == Gp.ZERO || base.width() != Gp.Width.X) {
      throw new IllegalArgumentException(base + " is no base");
    }
  }

  static Mem at(Gp base) {
    return new Mem(base, 0);
  }

  static Mem at(Gp base, int offset) {
    return new Mem(base, offset);
  }

  /**
   * Bits of a load or store: the offset in units of what is loaded where it can be, else in bytes
   * where it is small, as other assemblers do.
   */
  int bits(int unit) {
    if (offset >= 0 && offset % unit == 0 && offset / unit < 1 << 12) {
      return (1 << 24) | ((offset / unit) << 10) | (base.number() << 5);
    }
    if (offset < -256 || offset > 255) {
      throw new IllegalArgumentException("the offset " + offset + " in units of " + unit);
    }
    return ((offset & 0x1ff) << 12) | (base.number() << 5);
  }

  /** Bits of a load or store of two neighbours. */
  int pairBits(int unit) {
    if (offset % unit != 0 || offset / unit < -64 || offset / unit > 63) {
      throw new IllegalArgumentException("the offset " + offset + " in units of " + unit);
    }
    return (((offset / unit) & 0x7f) << 15) | (base.number() << 5);
  }
}
