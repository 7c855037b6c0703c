package dev.tonnage.kernel.arm;

/**
 * A general-purpose register.
 *
 * @param number 0 to 30, or {@link #ZERO}
 * @param width how much of it is used; writing half of it makes the other half zero
 */
record Gp(int number, Width width) {

  /** How much of a register an instruction works on. */
  enum Width {
    W(4),
    X(8);

    private final int bytes;

    Width(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /**
   * The number of what is always zero. Where an instruction means the stack by it, it is refused:
   * leaf code has none.
   */
  static final int ZERO = 31;

  static final Gp XZR = new Gp(ZERO, Width.X);

  Gp {
    if (number < 0 || number > ZERO) {
      throw new IllegalArgumentException("general register " + number);
    }
  }

  static Gp x(int number) {
    return new Gp(number, Width.X);
  }

  static Gp w(int number) {
    return new Gp(number, Width.W);
  }

  /** The lower half of the same register. */
  Gp w() {
    return w(number);
  }

  /** The bit of general instructions that tells the width. */
  int widthBit() {
    return width == Width.X ? 1 << 31 : 0;
  }

  @Override
  public String toString() {
    return (width == Width.X ? "x" : "w") + (number == ZERO ? "zr" : number);
  }
}
