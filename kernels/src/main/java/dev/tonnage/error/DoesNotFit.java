package dev.tonnage.error;

/** More memory than there is; refused before anything is loaded. The message carries the sum. */
public final class DoesNotFit extends TonnageException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the sum, and what would fit
   */
  public DoesNotFit(String message) {
    super(message);
  }
}
