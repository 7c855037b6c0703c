package dev.tonnage.model;

/**
 * A tiny model whose prompt leads from one of Llama 4's chunks to the next, and to where its
 * queries are sharpened: too long for all that {@link TinyLlamas} go through.
 */
public final class LongTinyLlama {

  /** Positions before are not recorded. */
  static final int FROM_POSITION = 8180;

  private LongTinyLlama() {}

  /** Experts in every second layer. */
  public static TinyLlama model() {
    return TinyFamilies.llama4(2, 6).withName("llama4-chunks").withPromptTokens(8260);
  }
}
