package dev.tonnage.kernel.x86;

/**
 * How weights lie for a prompt: two halves of as many rows as vectors have lanes of 32 bits, block
 * after block of 32 inputs. A block has first for the rows of the one half and then for those of
 * the other: eight lines, in each four bytes of each row; a line of scales for each group; what is
 * subtracted, if anything; and a line of units, if there are any.
 *
 * <p>Scales are floats, or whole multiples of their block's unit: then each is there twice, in 16
 * bits, and the unit is in the first of the blocks that have it in common.
 *
 * @param lanes rows of a half
 * @param groups groups in a block
 * @param less what is subtracted
 * @param span blocks whose activations share a scale, and weights a unit if they have one: as many
 *     as the format's own blocks have
 * @param hasUnits whether scales are whole multiples of a unit
 */
record PromptTile(int lanes, int groups, Less less, int span, boolean hasUnits) {

  /** What a block of a tile has that is subtracted from sums of products. */
  enum Less {
    /** Nothing: weights have signs, or activations what a bias makes too much. */
    NOTHING,
    /** A line of floats for each group: minima. */
    MINIMA,
    /** A line: in 16 bits each, the two sixteens' scales times the weights' bias. */
    BIAS
  }

  /** With scales in floats. */
  static PromptTile of(int lanes, Unpacking unpacking) {
    return of(lanes, unpacking, false);
  }

  /** With whole scales. */
  static PromptTile withUnits(int lanes, Unpacking unpacking) {
    return of(lanes, unpacking, true);
  }

  private static PromptTile of(int lanes, Unpacking unpacking, boolean hasUnits) {
    return new PromptTile(
        lanes,
        unpacking.grouping().inBlock(),
        switch (unpacking.offset()) {
          case Offset.Bias(int bias) -> hasUnits && bias != 0 ? Less.BIAS : Less.NOTHING;
          case Offset.Min() -> Less.MINIMA;
        },
        unpacking.blockWeights() / 32,
        hasUnits);
  }

  /** Whether there are minima. */
  boolean hasMinima() {
    return less == Less.MINIMA;
  }

  /** Whether there is a line of biases. */
  boolean hasBias() {
    return less == Less.BIAS;
  }

  /** Rows of a tile. */
  int rows() {
    return 2 * lanes;
  }

  /** Bytes of a line. */
  int lineBytes() {
    return 4 * lanes;
  }

  /** Where the scales of a half begin. */
  int scales() {
    return 8 * lineBytes();
  }

  /** Where what is subtracted begins. */
  int subtracted() {
    return scales() + groups * lineBytes();
  }

  /** Where the units of a half are. */
  int units() {
    int lines =
        switch (less) {
          case NOTHING -> 0;
          case MINIMA -> groups;
          case BIAS -> 1;
        };
    return subtracted() + lines * lineBytes();
  }

  /** Bytes of a half of a block. */
  int halfBytes() {
    return units() + (hasUnits ? lineBytes() : 0);
  }

  /** Bytes of a block. */
  int blockBytes() {
    return 2 * halfBytes();
  }

  /** Bytes of a tile. */
  long bytes(int inputs) {
    return inputs / 32 * (long) blockBytes();
  }
}
