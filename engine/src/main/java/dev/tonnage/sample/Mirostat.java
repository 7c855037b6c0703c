package dev.tonnage.sample;

/**
 * Basu et al. 2021, "Mirostat: A Neural Text Decoding Algorithm that Directly Controls Perplexity",
 * in the second version: the surprise of the tokens is kept near a target. Tokens that surprise
 * more than a bound are not drawn, and the bound follows the surprise of those that are. It takes
 * the place of truncation and XTC.
 *
 * @param version 2, or 0 for none
 * @param targetSurprise what the surprise of a token should be, in bits
 * @param learningRate how fast the bound follows
 */
public record Mirostat(int version, double targetSurprise, double learningRate) {

  /** None. */
  public static final Mirostat OFF = new Mirostat(0, 5, 0.1);

  /** Five bits, and a rate of 0.1. */
  public static final Mirostat VERSION_2 = new Mirostat(2, 5, 0.1);

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Mirostat {
    Bounds.require(version == 0 || version == 2, "mirostat", "that is 0 or 2", version);
    Bounds.require(
        targetSurprise >= 0 && targetSurprise < 1e6, "mirostat-ent", "from 0", targetSurprise);
    Bounds.require(learningRate >= 0 && learningRate < 1e6, "mirostat-lr", "from 0", learningRate);
  }

  /** The same with another surprise, in bits. */
  public Mirostat withTargetSurprise(double bits) {
    return new Mirostat(version, bits, learningRate);
  }

  /** The same with another rate. */
  public Mirostat withLearningRate(double rate) {
    return new Mirostat(version, targetSurprise, rate);
  }

  /** Whether it draws. */
  boolean happens() {
    return version == 2;
  }
}
