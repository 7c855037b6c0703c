package dev.tonnage.kernel.x86;

/** How many neighbours of a row share a scale. */
enum Grouping {
  OF_16(16),
  OF_32(32);

  private final int weights;

  Grouping(int weights) {
    this.weights = weights;
  }

  /** How many there are in 32 weights. */
  int inBlock() {
    return 32 / weights;
  }

  /** Weights of a group. */
  int weights() {
    return weights;
  }
}
