package dev.tonnage.error;

/** A file that is not what it claims to be: truncated, corrupted, hostile, or of another format. */
public final class BadFile extends TonnageException {

  private static final long serialVersionUID = 1L;

  /**
   * @param where the file's name and, after ": ", the key or tensor
   * @param expected what the format demands
   * @param found what the file has
   * @param remedy what the user can do
   */
  public BadFile(String where, String expected, String found, String remedy) {
    super(sentence(where, expected, found, remedy));
  }
}
