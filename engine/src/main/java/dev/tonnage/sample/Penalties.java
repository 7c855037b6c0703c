package dev.tonnage.sample;

/**
 * What tokens that were there before lose. The prompt counts.
 *
 * @param repeat what the logit of a repeated token is divided by, or multiplied with where it is
 *     negative (Keskar et al. 2019), however often it was repeated; 1 for none
 * @param lastN how many tokens back count; 0 for none, -1 for all
 */
public record Penalties(double repeat, int lastN) {

  /** None, and 64 tokens back. */
  public static final Penalties NONE = new Penalties(1, 64);

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Penalties {
    Bounds.require(repeat > 0 && repeat < 1e6, "repeat-penalty", "above 0", repeat);
    Bounds.require(lastN >= -1, "repeat-last-n", "at least -1", lastN);
  }

  /** Whether any logit changes. */
  boolean happen() {
    return lastN != 0 && repeat != 1;
  }
}
