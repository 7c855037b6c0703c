package dev.tonnage.sample;

/**
 * "Exclude top choices" (p-e-w 2024, oobabooga's text-generation-webui #6335): now and then, of the
 * tokens that are probable enough all but the least probable go.
 *
 * @param probability how often; 0 for never
 * @param threshold how probable is probable enough; above 0.5 no two tokens are
 */
public record Xtc(double probability, double threshold) {

  /** Never; but a threshold of 0.1. */
  public static final Xtc OFF = new Xtc(0, 0.1);

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Xtc {
    Bounds.require(
        probability >= 0 && probability <= 1, "xtc-probability", "from 0 to 1", probability);
    Bounds.require(threshold >= 0 && threshold <= 1, "xtc-threshold", "from 0 to 1", threshold);
  }

  /** Whether any candidate may go. */
  boolean happens() {
    return probability > 0;
  }
}
