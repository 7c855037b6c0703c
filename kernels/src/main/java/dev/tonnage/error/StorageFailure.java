package dev.tonnage.error;

/** The file system failed or changed under us: no such file, no permission, a file that shrank. */
public final class StorageFailure extends TonnageException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the whole sentence: file, what happened, what to do
   */
  public StorageFailure(String message) {
    super(message);
  }

  /**
   * @param message the whole sentence: file, what happened, what to do
   * @param cause what the system said
   */
  public StorageFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
