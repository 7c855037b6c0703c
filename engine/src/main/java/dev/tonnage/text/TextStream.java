package dev.tonnage.text;

import java.util.Arrays;

/**
 * Ids in, text out, as they come: never half a character. For one thread at a time.
 *
 * <p>A tokenizer that puts a space before a text ({@code tokenizer.ggml.add_space_prefix}) has it
 * taken away here again, once, before the first token that shows anything, where the ids are a text
 * from its start. A continuation keeps its space: it separates it from the prompt.
 */
public final class TextStream {

  /** What the first id is. */
  public enum Start {
    /** The first of a text: a prompt, a whole document. */
    OF_TEXT,
    /** What follows a prompt. */
    OF_CONTINUATION
  }

  private final Tokenizer tokenizer;
  private final ControlTokens controlTokens;
  private final Utf8Stream characters = new Utf8Stream();
  private boolean dropsSpace;

  /** A stream at its start. */
  public TextStream(Tokenizer tokenizer, Start start, ControlTokens controlTokens) {
    this.tokenizer = tokenizer;
    this.controlTokens = controlTokens;
    dropsSpace = start == Start.OF_TEXT && tokenizer.addsSpacePrefix();
  }

  /**
   * The text that this token completes; often empty.
   *
   * @throws dev.tonnage.error.BadRequest if there is no such token
   */
  public String accept(int id) {
    byte[] bytes = tokenizer.bytes(id, controlTokens);
    if (dropsSpace && bytes.length > 0) {
      dropsSpace = false;
      if (bytes[0] == ' ') {
        bytes = Arrays.copyOfRange(bytes, 1, bytes.length);
      }
    }
    return characters.accept(bytes);
  }

  /** What is left when the last token has come: U+FFFD for a character that is not complete. */
  public String end() {
    return characters.end();
  }
}
