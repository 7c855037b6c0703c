package dev.tonnage.kernel.x86;

/** Mask registers; {@link #NONE} is the number that means all lanes. */
enum Mask {
  NONE(0),
  K1(1),
  K2(2),
  K3(3),
  K4(4),
  K5(5),
  K6(6),
  K7(7);

  private final int number;

  Mask(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
