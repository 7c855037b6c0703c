package dev.tonnage.sample;

/**
 * What tokens lose that were there before. The prompt counts. First the penalty for repetition,
 * then those for presence and frequency.
 *
 * @param repeat what the logit of a repeated token is divided by, or multiplied with where it is
 *     negative (Keskar et al. 2019, "CTRL"), however often it was repeated; 1 for none
 * @param presence what is subtracted from the logit of a repeated token; 0 for none, below it
 *     repetition is rewarded
 * @param frequency what is subtracted as often as the token was there; 0 for none
 * @param lastN how many tokens back count; 0 for none, -1 for all
 */
public record Penalties(double repeat, double presence, double frequency, int lastN) {

  /** None, and 64 tokens back. */
  public static final Penalties NONE = new Penalties(1, 0, 0, 64);

  /** A logit divided by it is still a number. */
  private static final double LEAST_REPEAT = 1e-6;

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public Penalties {
    Bounds.require(
        repeat >= LEAST_REPEAT && repeat < 1e6,
        "repeat-penalty",
        "at least " + LEAST_REPEAT,
        repeat);
    Bounds.require(Math.abs(presence) < 1e6, "presence-penalty", "such as 0.5", presence);
    Bounds.require(Math.abs(frequency) < 1e6, "frequency-penalty", "such as 0.5", frequency);
    Bounds.require(lastN >= -1, "repeat-last-n", "at least -1", lastN);
  }

  /** The same with another penalty for repetition. */
  public Penalties withRepeat(double other) {
    return new Penalties(other, presence, frequency, lastN);
  }

  /** The same with another penalty for presence. */
  public Penalties withPresence(double other) {
    return new Penalties(repeat, other, frequency, lastN);
  }

  /** The same with another penalty for frequency. */
  public Penalties withFrequency(double other) {
    return new Penalties(repeat, presence, other, lastN);
  }

  /** The same with another window. */
  public Penalties withLastN(int tokens) {
    return new Penalties(repeat, presence, frequency, tokens);
  }

  /** Whether any logit changes. */
  boolean happen() {
    return lastN != 0 && !(repeat == 1 && presence == 0 && frequency == 0);
  }
}
