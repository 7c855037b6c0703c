package dev.tonnage.text;

/** Whether decoding shows control tokens and the unknown token, by the name that the file has. */
public enum ControlTokens {
  /** They are no text: nothing is shown for them. */
  HIDDEN,
  /** As {@code <|eot_id|>}, {@code </s>} … */
  SHOWN
}
