package dev.tonnage.sample;

import java.util.Arrays;

/** The tokens of a sequence so far, the prompt's included. */
final class History {

  private int[] tokens = new int[64];
  private int length;

  void add(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
  }

  int length() {
    return length;
  }

  /** How many of the last so many there are; -1 for all. */
  int window(int lastN) {
    return lastN < 0 ? length : Math.min(lastN, length);
  }

  /** The last token is 1 back, the first one as many as there are. */
  int fromEnd(int back) {
    return tokens[length - back];
  }
}
