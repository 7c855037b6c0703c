package dev.tonnage.kernel.vector;

/** How many neighbours of a row share a scale. */
enum Group {
  OF_16(4),
  OF_32(5);

  private final int shift;

  Group(int shift) {
    this.shift = shift;
  }

  /** What a number's index is shifted by to be its group's. */
  int shift() {
    return shift;
  }
}
