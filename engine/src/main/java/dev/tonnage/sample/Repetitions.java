package dev.tonnage.sample;

/**
 * How far the end of a text repeats what stands earlier in it. Gusfield's Z algorithm (Algorithms
 * on Strings, Trees, and Sequences, 1997, 1.4) over the text from its end: what is known of a match
 * is used for those that overlap with it, so that each token is compared twice at most.
 */
final class Repetitions {

  private int[] lengths = {};

  /** Looks at the last so many tokens. */
  void find(History history, int window) {
    if (lengths.length < window) {
      lengths = new int[Math.max(window, 2 * lengths.length)];
    }
    int from = 0; // of the match that reaches farthest back
    int to = 0;
    for (int back = 1; back < window; back++) {
      int length = back < to ? Math.min(lengths[back - from], to - back) : 0;
      while (back + length < window
          && history.fromEnd(1 + length) == history.fromEnd(1 + back + length)) {
        length++;
      }
      lengths[back] = length;
      if (back + length > to) {
        from = back;
        to = back + length;
      }
    }
  }

  /** How many tokens are the same before the end of the window and so many tokens earlier. */
  int length(int back) {
    return lengths[back];
  }
}
