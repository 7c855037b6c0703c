package dev.tonnage.text;

/**
 * What a token is for, as {@code tokenizer.ggml.token_type} says (GGUF's numbers are the ordinals).
 */
public enum TokenType {
  /** Not said. Stands for no text. */
  UNDEFINED,
  /** A piece of text. */
  NORMAL,
  /** Stands where text has no piece. */
  UNKNOWN,
  /** An order to the model or from it: begin, end, a role in a chat. No text ever spells it. */
  CONTROL,
  /** A piece of text that is always taken whole. */
  USER_DEFINED,
  /** Fills a gap in the numbering. Stands for no text. */
  UNUSED,
  /** One byte, named {@code <0x00>} … {@code <0xFF>}. */
  BYTE;

  private static final TokenType[] BY_NUMBER = values();

  /** How many numbers GGUF gives. */
  static int count() {
    return BY_NUMBER.length;
  }

  /** The type of a number below {@link #count()}. */
  static TokenType of(int number) {
    return BY_NUMBER[number];
  }
}
