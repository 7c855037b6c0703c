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

  /** Extents a tensor may have at most. */
  static final int MOST_EXTENTS = 4;

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
