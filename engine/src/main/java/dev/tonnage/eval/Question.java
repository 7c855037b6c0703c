package dev.tonnage.eval;

import java.util.List;

/**
 * A question with choices, one of which is right.
 *
 * @param text what is asked
 * @param choices four of them
 * @param answer the index of the right one
 */
public record Question(String text, List<String> choices, int answer) {

  /** How the choices are called. */
  public static final List<String> LETTERS = List.of("A", "B", "C", "D");

  /** Exactly as many choices as letters. */
  public Question {
    choices = List.copyOf(choices);
    if (choices.size() != LETTERS.size() || answer < 0 || answer >= LETTERS.size()) {
      throw new IllegalArgumentException(choices.size() + " choices, answer " + answer);
    }
  }
}
