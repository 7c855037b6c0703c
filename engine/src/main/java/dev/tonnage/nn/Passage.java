package dev.tonnage.nn;

import dev.tonnage.cache.KvCache;

/** Consecutive tokens of one sequence, and the cache that knows what came before them. */
public final class Passage {

  private final int[] tokens;
  private final KvCache cache;
  private final int firstPosition;
  private final int firstWanted;

  /**
   * @param tokens their ids, at least one
   * @param cache the sequence's; the first token's position is what it holds already
   * @param firstWanted the first whose logits are wanted; those after it are, too
   */
  public Passage(int[] tokens, KvCache cache, int firstWanted) {
    if (firstWanted < 0 || firstWanted >= tokens.length) {
      throw new IllegalArgumentException("logits from " + firstWanted + " of " + tokens.length);
    }
    this.tokens = tokens.clone();
    this.cache = cache;
    this.firstPosition = cache.tokens();
    this.firstWanted = firstWanted;
  }

  /** The ids; not to be changed. */
  int[] tokens() {
    return tokens;
  }

  /** The sequence's keys and values. */
  public KvCache cache() {
    return cache;
  }

  /** Number of tokens. */
  public int count() {
    return tokens.length;
  }

  /** Position of the first token in its sequence. */
  public int firstPosition() {
    return firstPosition;
  }

  /** Tokens whose logits are wanted: the last ones. */
  public int wanted() {
    return tokens.length - firstWanted;
  }
}
