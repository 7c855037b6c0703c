package dev.tonnage.kernel.x86;

/**
 * An operand in memory: base + index · scale + displacement.
 *
 * @param index a register's number, or {@link #NO_INDEX}
 * @param scale 1, 2, 4 or 8
 * @param spread whether one element is read for all lanes
 */
record Mem(Gp base, int index, int scale, int displacement, Spread spread) implements Rm {

  /** How much is read. */
  enum Spread {
    /** As much as the instruction reads. */
    WHOLE,
    /** One element, for all lanes. */
    BROADCAST
  }

  static final int NO_INDEX = -1;

  Mem {
    if (index == Gp.RSP.number()) {
      throw new IllegalArgumentException("rsp is no index");
    }
    if (Integer.bitCount(scale) != 1 || scale > 8) {
      throw new IllegalArgumentException("scale " + scale);
    }
  }

  static Mem at(Gp base) {
    return at(base, 0);
  }

  static Mem at(Gp base, int displacement) {
    return new Mem(base, NO_INDEX, 1, displacement, Spread.WHOLE);
  }

  static Mem at(Gp base, Gp index, int scale, int displacement) {
    return new Mem(base, index.number(), scale, displacement, Spread.WHOLE);
  }

  /** The same for one element that all lanes get. */
  Mem broadcast() {
    return new Mem(base, index, scale, displacement, Spread.BROADCAST);
  }

  /** The same some bytes further. */
  Mem plus(int bytes) {
    return new Mem(base, index, scale, displacement + bytes, spread);
  }
}
