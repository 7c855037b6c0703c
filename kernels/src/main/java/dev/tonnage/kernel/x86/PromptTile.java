package dev.tonnage.kernel.x86;

/**
 * How weights lie for a prompt: two halves of as many rows as vectors have lanes of 32 bits, block
 * after block of 32 inputs. A block has first for the rows of the one half and then for those of
 * the other: eight lines, in each four bytes of each row; a line of scales for each group; a line
 * of minima for each where there are any.
 *
 * @param lanes rows of a half
 * @param groups groups in a block
 * @param hasMinima whether there are minima
 * @param span blocks whose activations share a scale: as many as the format's own blocks have
 */
record PromptTile(int lanes, int groups, boolean hasMinima, int span) {

  static PromptTile of(int lanes, Unpacking unpacking) {
    return new PromptTile(
        lanes,
        unpacking.grouping().inBlock(),
        switch (unpacking.offset()) {
          case Offset.Bias _ -> false;
          case Offset.Min() -> true;
        },
        unpacking.blockWeights() / 32);
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

  /** Where the minima of a half begin. */
  int minima() {
    return scales() + groups * lineBytes();
  }

  /** Bytes of a half of a block. */
  int halfBytes() {
    return minima() + (hasMinima ? groups * lineBytes() : 0);
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
