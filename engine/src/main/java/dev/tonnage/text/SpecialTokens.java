package dev.tonnage.text;

/**
 * What the text of a special token means where it stands in a text that is encoded. It is the
 * difference between a template, which is trusted, and what a user typed, which is not.
 */
public enum SpecialTokens {

  /**
   * {@code <|eot_id|>} is ten characters like any others: no control token arises from text. Only
   * tokens of the type USER_DEFINED are taken whole, for they are words and not orders.
   */
  AS_TEXT,

  /**
   * {@code <|eot_id|>} is the token of that name. For chat templates, never for what a user typed.
   */
  PARSED
}
