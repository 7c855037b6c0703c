package dev.tonnage.kernel.x86;

/** Where a kernel for prompts finds its arguments in their block, 64 bits each. */
final class PromptArguments {

  /** Address of the tile. */
  static final int TILE = 0;

  /** How many blocks of 32 inputs, at least 1. */
  static final int BLOCKS = 8;

  /** Address of the first token's blocks; changes on the way, as do the next two. */
  static final int ACTIVATIONS = 16;

  /** Address of what the first token's sums begin with, a float for each row of the tile. */
  static final int SUMS = 24;

  /** Address of the first token's results, a float for each row of the tile. */
  static final int RESULTS = 32;

  /** Bytes from one token's blocks to the next. */
  static final int ACTIVATION_BYTES = 40;

  /** Bytes from what one token's sums begin with to the next. */
  static final int SUM_BYTES = 48;

  /** Bytes from one token's results to the next. */
  static final int RESULT_BYTES = 56;

  /** How many times the kernel's tokens there are, at least 1; counted down to 0. */
  static final int GROUPS = 64;

  /** Address of what will be read next, as a file has it, and is asked for meanwhile. */
  static final int AHEAD = 72;

  /** Bytes of it for each block that is multiplied with. */
  static final int AHEAD_BYTES = 80;

  /**
   * Where there is room for twelve vectors: sums of blocks that share a scale are added to them.
   */
  static final int SCALED = Leaf.BLOCK_BYTES;

  /** Bytes of the block and this room. */
  static final int BYTES = SCALED + 12 * 64;

  private PromptArguments() {}
}
