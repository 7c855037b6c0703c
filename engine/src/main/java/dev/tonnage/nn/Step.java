package dev.tonnage.nn;

import dev.tonnage.kernel.Phase;

/** Consecutive tokens of one sequence that go through the model together. */
public final class Step {

  private final int[] tokens;
  private final int firstPosition;
  private final Phase phase;
  private final int firstWanted;

  /**
   * @param tokens their ids
   * @param firstPosition position of the first: what the cache holds already
   * @param phase whether they were given or sampled
   * @param firstWanted the first whose logits are wanted; those after it are, too
   */
  public Step(int[] tokens, int firstPosition, Phase phase, int firstWanted) {
    if (firstWanted < 0 || firstWanted >= tokens.length) {
      throw new IllegalArgumentException("logits from " + firstWanted + " of " + tokens.length);
    }
    this.tokens = tokens.clone();
    this.firstPosition = firstPosition;
    this.phase = phase;
    this.firstWanted = firstWanted;
  }

  /** The ids; not to be changed. */
  int[] tokens() {
    return tokens;
  }

  /** Number of tokens. */
  public int count() {
    return tokens.length;
  }

  /** Position of the first token. */
  public int firstPosition() {
    return firstPosition;
  }

  /** Whether the tokens were given or sampled. */
  public Phase phase() {
    return phase;
  }

  /** The first token whose logits are wanted. */
  public int firstWanted() {
    return firstWanted;
  }

  /** Tokens whose logits are wanted. */
  public int wanted() {
    return tokens.length - firstWanted;
  }
}
