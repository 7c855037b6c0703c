package dev.tonnage.kernel.x86;

/** What is subtracted from scale · byte. */
sealed interface Offset {

  /** The number that is the same for all, 0 where there is none. */
  int bias();

  /** The scale times a number that is the same for all. */
  record Bias(int bias) implements Offset {}

  /** A number of the group's own. */
  record Min() implements Offset {

    @Override
    public int bias() {
      return 0;
    }
  }
}
