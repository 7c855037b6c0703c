package dev.tonnage.kernel.x86;

/** Where a kernel for generated tokens finds its arguments in their block, 64 bits each. */
final class GenerationArguments {

  /** Address of the first row's weights; changes on the way. */
  static final int WEIGHTS = 0;

  /** How many rows, or times as many as are read at once, at least 1; counted down to 0. */
  static final int ROWS = 8;

  /** How many times 256 weights a row has, but for its last ones. */
  static final int RECORDS = 16;

  /** Address of the first token's records. */
  static final int ACTIVATIONS = 24;

  /** Bytes from one token's records to the next. */
  static final int ACTIVATION_BYTES = 32;

  /** Address of the first token's result for the first row; changes on the way. */
  static final int RESULTS = 40;

  /** Bytes from one token's results to the next. */
  static final int RESULT_BYTES = 48;

  /** Bytes from a row to the next. */
  static final int ROW_BYTES = 56;

  /** Where code that has no register for it counts a row's records. */
  static final int RECORDS_LEFT = 64;

  /** Bytes from each row that is read at once to the next. */
  static final int APART_BYTES = 72;

  /** Bytes from their results to the next. */
  static final int RESULTS_APART_BYTES = 80;

  private GenerationArguments() {}
}
