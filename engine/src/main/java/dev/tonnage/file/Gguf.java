package dev.tonnage.file;

/**
 * What reader and writer must agree on.
 *
 * <p>Source: the GGUF specification.
 */
final class Gguf {

  /** The first four bytes, "GGUF", as a little-endian integer. */
  static final int MAGIC = 0x4655_4747;

  static final String ALIGNMENT_KEY = "general.alignment";

  static final int DEFAULT_ALIGNMENT = 32;

  /** An alignment is a multiple of this. */
  static final int LEAST_ALIGNMENT = 8;

  /** More than any page; a larger one would only waste space. */
  static final int MOST_ALIGNMENT = 1 << 20;

  /** Extents a tensor may have at most. */
  static final int MOST_EXTENTS = 4;

  /** A tensor's name takes at most 63 bytes in ggml; others have built it for more. */
  static final int MOST_NAME_BYTES = 255;

  /** The specification's limit. */
  static final int MOST_KEY_BYTES = 65_535;

  /** A whole tokenizer.json has 20 MiB. */
  static final int MOST_TEXT_BYTES = 64 << 20;

  /** Arrays of arrays of arrays … */
  static final int MOST_DEPTH = 8;

  /** Real files have fewer than a hundred keys. */
  static final long MOST_KEYS = 16_384;

  /** DeepSeek-V3 with every expert by itself has 46 thousand. */
  static final long MOST_TENSORS = 1 << 18;

  /** A vocabulary has 256 thousand tokens, its list of merges half a million. */
  static final int MOST_ELEMENTS = 1 << 24;

  /** All tokens of a large vocabulary take 2 MiB. */
  static final long MOST_ARRAY_TEXT_BYTES = 256L << 20;

  /** For a file that is damaged, whoever damaged it. */
  static final String REMEDY = "download or convert the model again";

  private Gguf() {}

  /**
   * The least multiple of an alignment that is not below a position.
   *
   * @throws ArithmeticException if it exceeds a {@code long}
   */
  static long alignUp(long position, long alignment) {
    return Math.addExact(position, alignment - 1) & -alignment;
  }
}
