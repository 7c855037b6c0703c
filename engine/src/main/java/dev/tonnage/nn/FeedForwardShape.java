package dev.tonnage.nn;

import dev.tonnage.kernel.Demand.Inputs;
import dev.tonnage.tensor.Rows;
import java.util.List;

/** How wide a feed-forward is, which says what it takes before it is loaded. */
public sealed interface FeedForwardShape {

  /**
   * What weights are multiplied with in a step of so many tokens.
   *
   * @param hidden H
   */
  List<Inputs> inputs(int tokens, int hidden);

  /**
   * Bytes of activations that are alive at once, the result included.
   *
   * @param hidden H
   */
  long activationBytes(int tokens, int hidden);

  /**
   * One for all tokens.
   *
   * @param width F, numbers inside
   */
  record Dense(int width) implements FeedForwardShape {

    @Override
    public List<Inputs> inputs(int tokens, int hidden) {
      return List.of(new Inputs(tokens, width));
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      return 2 * Rows.bytes(tokens, width) + Rows.bytes(tokens, hidden);
    }
  }

  /** What an expert is. */
  enum ExpertUnit {
    SWIGLU,
    /** The gate of gpt-oss, see {@link dev.tonnage.kernel.ClampedGate}, with biases everywhere. */
    CLAMPED_WITH_BIASES,
    /** Of a token times its share, and not times it afterwards (Llama 4). */
    SWIGLU_OF_SHARES
  }

  /**
   * Several, of which a router chooses some for each token.
   *
   * @param experts how many there are
   * @param used how many are chosen for a token
   * @param width of each
   * @param sharedWidth of the expert that all tokens use; 0 for none
   * @param routing how they are chosen
   * @param unit what an expert is
   */
  record Mixture(
      int experts, int used, int width, int sharedWidth, Routing routing, ExpertUnit unit)
      implements FeedForwardShape {

    /** Experts are taken together while they have no more rows than this, or than tokens. */
    private static final int ROWS_TOGETHER = 64;

    @Override
    public List<Inputs> inputs(int tokens, int hidden) {
      return List.of(
          new Inputs(mostRows(tokens), Math.max(hidden, width)), new Inputs(tokens, sharedWidth));
    }

    /** The same of other experts. */
    public Mixture with(ExpertUnit otherUnit) {
      return new Mixture(experts, used, width, sharedWidth, routing, otherUnit);
    }

    /** Rows of one multiplication at most. */
    int mostRows(int tokens) {
      return Math.max(tokens, Math.min(ROWS_TOGETHER, tokens * used));
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      int rows = mostRows(tokens);
      long chosen =
          Rows.bytes(tokens, experts) // the router's scores
              + 2 * Rows.bytes(rows, hidden) // picked, and what experts make of it
              + 2 * Rows.bytes(rows, width)
              + switch (unit) {
                case SWIGLU, SWIGLU_OF_SHARES -> 0;
                // where gate and up are one matrix, its products, too
                case CLAMPED_WITH_BIASES -> Rows.bytes(rows, 2 * width);
              };
      return Rows.bytes(tokens, hidden) // the result
          + 2 * Rows.bytes(tokens, sharedWidth)
          + chosen;
    }
  }
}
