package dev.tonnage.kernel.arm;

/**
 * A vector register.
 *
 * @param number 0 to 31
 * @param shape what is used of it, and as what
 */
record Vec(int number, Shape shape) {

  Vec {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("vector register " + number);
    }
  }

  static Vec v(int number, Shape shape) {
    return new Vec(number, shape);
  }

  /** The same register used otherwise. */
  Vec as(Shape other) {
    return new Vec(number, other);
  }

  @Override
  public String toString() {
    return shape.isScalar() ? shape.text() + number : "v" + number + "." + shape.text();
  }
}
