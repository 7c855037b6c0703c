package dev.tonnage.kernel.x86;

/** What becomes of a block format's 256 weights when code unpacks them, whatever its vectors. */
interface Unpacking {

  /** For names of code: {@code q4_k}. */
  String name();

  /** Bytes of 256 weights. */
  int bytes();

  /** Weights of a block as a file has them, 32 to 256. */
  default int blockWeights() {
    return 256;
  }

  /** Bytes of so many times 32 weights, the last of a row. */
  default int bytes(int blocks) {
    if (32 * blocks % blockWeights() != 0) {
      throw new IllegalArgumentException(name() + " has blocks of " + blockWeights());
    }
    return bytes() * blocks / 8;
  }

  /** How many neighbours share a scale. */
  Grouping grouping();

  /** What is subtracted in each lane. */
  Offset offset();

  /** Which group of sixteen weights each of the sixteen lanes of a record has. */
  int[] groups();
}
