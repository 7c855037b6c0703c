package dev.tonnage.sample;

/**
 * Which candidates are too improbable to be drawn. Every part is off at the value named.
 *
 * @param topNSigma those stay whose logit is at most so many standard deviations below the
 *     greatest; 0 for all
 * @param topK how many of the most probable stay; 0 for all
 * @param typicalP those stay that surprise most nearly as much as one expects, and whose
 *     probabilities together reach this; 1 for all
 * @param topP the least set of the most probable whose probabilities reach this stays; 1 for all
 * @param minP those stay that are at least this probable relative to the most probable; 0 for all
 */
public record Truncation(double topNSigma, int topK, double typicalP, double topP, double minP) {

  /** Everything may be drawn. */
  public static final Truncation NONE = new Truncation(0, 0, 1, 1, 0);

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Truncation {
    Bounds.require(topNSigma >= 0 && topNSigma < 1e6, "top-n-sigma", "at least 0", topNSigma);
    Bounds.require(topK >= 0, "top-k", "at least 0", topK);
    Bounds.require(typicalP > 0 && typicalP <= 1, "typical", "above 0, up to 1", typicalP);
    Bounds.require(topP > 0 && topP <= 1, "top-p", "above 0, up to 1", topP);
    Bounds.require(minP >= 0 && minP <= 1, "min-p", "from 0 to 1", minP);
  }

  /** The same with another number of standard deviations. */
  public Truncation withTopNSigma(double n) {
    return new Truncation(n, topK, typicalP, topP, minP);
  }

  /** The same with another number of most probable tokens. */
  public Truncation withTopK(int count) {
    return new Truncation(topNSigma, count, typicalP, topP, minP);
  }

  /** The same with another typical set. */
  public Truncation withTypicalP(double p) {
    return new Truncation(topNSigma, topK, p, topP, minP);
  }

  /** The same with another nucleus. */
  public Truncation withTopP(double p) {
    return new Truncation(topNSigma, topK, typicalP, p, minP);
  }

  /** The same with another least relative probability. */
  public Truncation withMinP(double p) {
    return new Truncation(topNSigma, topK, typicalP, topP, p);
  }
}
