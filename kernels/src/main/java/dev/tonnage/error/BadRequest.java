package dev.tonnage.error;

/** A request that cannot be met as it stands: an option out of range, a prompt that is too long. */
public final class BadRequest extends TonnageException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the whole sentence
   */
  public BadRequest(String message) {
    super(message);
  }

  /**
   * @param where the option or field
   * @param expected what it may be
   * @param found what it was
   * @param remedy what the user can do
   */
  public BadRequest(String where, String expected, String found, String remedy) {
    super(sentence(where, expected, found, remedy));
  }
}
