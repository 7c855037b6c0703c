package dev.tonnage.eval;

/**
 * Log-probabilities of the next token, {@code logit - log(sum of exp(logits))}, summed in double
 * precision. Looks at the logits where they are: valid as long as they are not overwritten.
 */
public final class LogSoftmax {

  private final float[] logits;
  private final int best;
  private final float least;
  private final double logSum;

  /**
   * Of one position.
   *
   * @param logits one for each token of the vocabulary, at least one
   */
  public LogSoftmax(float[] logits) {
    this.logits = logits;
    int greatest = 0;
    float smallest = logits[0];
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[greatest]) {
        greatest = id;
      }
      smallest = Math.min(smallest, logits[id]);
    }
    this.best = greatest;
    this.least = smallest;
    this.logSum = logSum(logits, logits[greatest]);
  }

  /** Less the greatest logit, so that nothing overflows. */
  private static double logSum(float[] logits, float greatest) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - greatest);
    }
    return Math.log(sum);
  }

  /** Whether the logits are numbers: where one is not, nothing here means anything. */
  public boolean finite() {
    return Double.isFinite(logSum) && Float.isFinite(least) && Float.isFinite(greatest());
  }

  /** Tokens of the vocabulary. */
  public int vocabulary() {
    return logits.length;
  }

  /** A token's logit. */
  float logit(int id) {
    return logits[id];
  }

  /** The greatest logit. */
  float greatest() {
    return logits[best];
  }

  /** The smallest logit. */
  float least() {
    return least;
  }

  /** The logarithm of the sum of {@code exp(logit - greatest)}. */
  double logSum() {
    return logSum;
  }

  /** The likeliest token; of several, the first. */
  public int best() {
    return best;
  }

  /** The natural logarithm of a token's probability. */
  public double logProbability(int id) {
    return (double) logits[id] - greatest() - logSum;
  }
}
