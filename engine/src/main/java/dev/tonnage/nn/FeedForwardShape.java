package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;

/** How wide a feed-forward is, which says what it takes before it is loaded. */
public sealed interface FeedForwardShape {

  /** F, numbers inside. */
  int width();

  /** Rows of one multiplication at most, in a step of so many tokens. */
  int mostRows(int tokens);

  /**
   * Bytes of activations that are alive at once, the result included.
   *
   * @param hidden H
   */
  long activationBytes(int tokens, int hidden);

  /** One for all tokens. */
  record Dense(int width) implements FeedForwardShape {

    @Override
    public int mostRows(int tokens) {
      return tokens;
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      return 2 * Rows.bytes(tokens, width) + Rows.bytes(tokens, hidden);
    }
  }

  /**
   * Several, of which a router chooses some for each token.
   *
   * @param experts how many there are
   * @param used how many are chosen for a token
   * @param width of each
   */
  record Mixture(int experts, int used, int width) implements FeedForwardShape {

    /** Experts are taken together while they have no more rows than this, or than tokens. */
    private static final int ROWS_TOGETHER = 64;

    @Override
    public int mostRows(int tokens) {
      return Math.max(tokens, Math.min(ROWS_TOGETHER, tokens * used));
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      int rows = mostRows(tokens);
      return Rows.bytes(tokens, hidden) // the result
          + Rows.bytes(tokens, experts) // the router's scores
          + 2 * Rows.bytes(rows, hidden) // picked, and what experts make of it
          + 2 * Rows.bytes(rows, width);
    }
  }
}
