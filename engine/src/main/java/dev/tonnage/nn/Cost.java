package dev.tonnage.nn;

/**
 * What a token costs in a part of a model. Attention to earlier tokens is not in it: that grows
 * with them.
 *
 * @param weightBytes what is read of the weights; once for all tokens of a step
 * @param multiplyAdds multiply-adds with weights; for each token of a step
 */
public record Cost(long weightBytes, long multiplyAdds) {

  /** Nothing. */
  public static final Cost NONE = new Cost(0, 0);

  /** Both together. */
  public Cost plus(Cost other) {
    return new Cost(weightBytes + other.weightBytes, multiplyAdds + other.multiplyAdds);
  }
}
