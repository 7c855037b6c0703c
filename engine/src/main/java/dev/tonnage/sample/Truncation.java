package dev.tonnage.sample;

/**
 * Which candidates are too improbable to be drawn. Every part is off at the value named.
 *
 * @param topK how many of the most probable stay; 0 for all
 * @param topP the least set of the most probable whose probabilities reach this stays; 1 for all
 * @param minP those stay that are at least this probable relative to the most probable; 0 for all
 */
public record Truncation(int topK, double topP, double minP) {

  /** Everything may be drawn. */
  public static final Truncation NONE = new Truncation(0, 1, 0);

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Truncation {
    Bounds.require(topK >= 0, "top-k", "at least 0", topK);
    Bounds.require(topP > 0 && topP <= 1, "top-p", "above 0, up to 1", topP);
    Bounds.require(minP >= 0 && minP <= 1, "min-p", "from 0 to 1", minP);
  }

  /** The same with another number of most probable tokens. */
  public Truncation withTopK(int count) {
    return new Truncation(count, topP, minP);
  }

  /** The same with another nucleus. */
  public Truncation withTopP(double p) {
    return new Truncation(topK, p, minP);
  }

  /** The same with another least relative probability. */
  public Truncation withMinP(double p) {
    return new Truncation(topK, topP, p);
  }
}
