package dev.tonnage.error;

/**
 * Something the user can understand and act on. Its message says where, what was expected, what was
 * found and what to do; everything else ({@code IllegalStateException}, {@code AssertionError}) is
 * our own mistake.
 *
 * <p>The family is closed, so that a caller can map every kind: the command line to exit codes, a
 * server to HTTP statuses.
 */
public abstract sealed class TonnageException extends RuntimeException
    permits BadFile, BadRequest, DoesNotFit, StorageFailure, UnsupportedModel {

  private static final long serialVersionUID = 1L;

  /** For a message that is one sentence of its own. */
  protected TonnageException(String message) {
    super(message);
  }

  /** For an error with a cause worth a stack trace. */
  protected TonnageException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The usual shape of a message.
   *
   * @param where file, tensor, key or option, outermost first, joined by ": "
   * @param expected what would have been right
   * @param found what was there instead
   * @param remedy what the user can do, as an imperative
   */
  protected static String sentence(String where, String expected, String found, String remedy) {
    return where + ": expected " + expected + ", but found " + found + "; " + remedy;
  }
}
