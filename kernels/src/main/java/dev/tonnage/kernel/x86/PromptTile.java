package dev.tonnage.kernel.x86;

/**
 * How weights lie for a prompt: 32 rows, block after block of 32 inputs. A block has first for rows
 * 0-15 and then for rows 16-31: eight lines, in each four bytes of each row; a line of scales for
 * each group; a line of minima for each where there are any.
 *
 * @param groups groups in a block
 * @param hasMinima whether there are minima
 */
record PromptTile(int groups, boolean hasMinima) {

  /** Rows of a tile. */
  static final int ROWS = 32;

  /** Rows of a half. */
  static final int HALF_ROWS = 16;

  /** Where the scales of a half begin. */
  static final int SCALES = 512;

  static PromptTile of(Unpacker unpacker) {
    return new PromptTile(
        unpacker.grouping().inBlock(),
        switch (unpacker.offset()) {
          case Offset.Bias _ -> false;
          case Offset.Min() -> true;
        });
  }

  /** Where the minima of a half begin. */
  int minima() {
    return SCALES + 64 * groups;
  }

  /** Bytes of a half of a block. */
  int halfBytes() {
    return minima() + (hasMinima ? 64 * groups : 0);
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
