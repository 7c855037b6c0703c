package dev.tonnage.kernel.x86;

/** Where code that fills half a {@link PromptTile} finds its arguments, 64 bits each. */
final class PackArguments {

  /** Address of the first row's weights; changes on the way. */
  static final int WEIGHTS = 0;

  /** Bytes from a row to the next. */
  static final int ROW_BYTES = 8;

  /** How many rows, at least 1; the lanes of others get whatever was in scratch. */
  static final int ROWS = 16;

  /** How many times 256 inputs there are, but for the last ones; counted down to 0. */
  static final int RECORDS = 24;

  /** Address of the half of the tile. */
  static final int TILE = 32;

  /** Address of scratch. */
  static final int SCRATCH = 40;

  /**
   * How many times 256 inputs are between what is unpacked and what is asked for: code goes over
   * sixteen rows at once, a few lines of each, which no processor foresees.
   */
  static final int RECORDS_AHEAD = 2;

  private PackArguments() {}
}
