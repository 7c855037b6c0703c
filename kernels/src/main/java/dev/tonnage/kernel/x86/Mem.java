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

  /**
   * Somewhere at one of eight things that have a stride.
   *
   * @param first the first one's address
   * @param fourth the fourth one's
   * @param stride from each to the next
   * @param strides three times that
   */
  static Mem ofEight(int index, Gp first, Gp fourth, Gp stride, Gp strides, int offset) {
    return switch (index) {
      case 4 -> at(first, stride, 4, offset);
      case 6 -> at(first, strides, 2, offset);
      case 7 -> at(fourth, stride, 4, offset);
      default -> ofSix(index, first, fourth, stride, offset);
    };
  }

  /** The same of six, which need no third stride. */
  static Mem ofSix(int index, Gp first, Gp fourth, Gp stride, int offset) {
    return switch (index) {
      case 0 -> at(first, offset);
      case 1 -> at(first, stride, 1, offset);
      case 2 -> at(first, stride, 2, offset);
      case 3 -> at(fourth, offset);
      case 4 -> at(fourth, stride, 1, offset);
      case 5 -> at(fourth, stride, 2, offset);
      default -> throw new IllegalArgumentException("number " + index + " of six or eight");
    };
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
