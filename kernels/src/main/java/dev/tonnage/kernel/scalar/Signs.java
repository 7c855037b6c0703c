package dev.tonnage.kernel.scalar;

/** The signs of eight weights: a set bit is a minus, the lowest bit the first weight's. */
public final class Signs {

  private Signs() {}

  /** Seven signs and the eighth that makes the number of minuses even. */
  public static int even(int seven) {
    return seven | ((Integer.bitCount(seven) & 1) << 7);
  }

  /** −1 or 1. */
  static int of(int signs, int index) {
    return 1 - 2 * ((signs >> index) & 1);
  }
}
