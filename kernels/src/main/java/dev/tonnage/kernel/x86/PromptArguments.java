package dev.tonnage.kernel.x86;

/** Where a kernel for prompts finds its arguments in their block, 64 bits each. */
final class PromptArguments {

  /** Address of the tile. */
  static final int TILE = 0;

  /** How many blocks of 32 inputs, at least 1. */
  static final int BLOCKS = 8;

  /** Address of the first token's blocks. */
  static final int ACTIVATIONS = 16;

  /** Bytes from one token's blocks to the next. */
  static final int ACTIVATION_BYTES = 24;

  /** Address of the first token's results, a float for each row of the tile, which are added to. */
  static final int RESULTS = 32;

  /** Bytes from one token's results to the next. */
  static final int RESULT_BYTES = 40;

  private PromptArguments() {}
}
