package dev.tonnage.error;

/**
 * A well-formed model that asks for something this program does not do. Never guessed, never
 * dropped: the message names the key, tensor or type.
 */
public final class UnsupportedModel extends TonnageException {

  private static final long serialVersionUID = 1L;

  /**
   * @param where the model's file or name
   * @param what what it asks for, by its own name ("rope scaling 'longrope'")
   * @param remedy what is supported instead
   */
  public UnsupportedModel(String where, String what, String remedy) {
    super(where + ": " + what + " is not supported; " + remedy);
  }
}
