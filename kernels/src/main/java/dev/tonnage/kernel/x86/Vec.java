package dev.tonnage.kernel.x86;

/**
 * A vector register.
 *
 * @param number 0 to 31
 * @param width of what is used of it
 */
record Vec(int number, Width width) implements Rm {

  /** How much of a register an instruction works on. */
  enum Width {
    XMM(16, 0),
    YMM(32, 1),
    ZMM(64, 2);

    private final int bytes;
    private final int code;

    Width(int bytes, int code) {
      this.bytes = bytes;
      this.code = code;
    }

    int bytes() {
      return bytes;
    }

    /** Two bits of an instruction. */
    int code() {
      return code;
    }
  }

  Vec {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("vector register " + number);
    }
  }

  static Vec xmm(int number) {
    return new Vec(number, Width.XMM);
  }

  static Vec ymm(int number) {
    return new Vec(number, Width.YMM);
  }

  static Vec zmm(int number) {
    return new Vec(number, Width.ZMM);
  }

  /** The lower half of the same register; not of sixteen bytes. */
  Vec half() {
    return width == Width.ZMM ? y() : x();
  }

  /** The lowest 16 bytes of the same register. */
  Vec x() {
    return xmm(number);
  }

  /** The lowest 32 bytes of the same register. */
  Vec y() {
    return ymm(number);
  }

  @Override
  public String toString() {
    return width.name().toLowerCase(java.util.Locale.ROOT) + number;
  }
}
