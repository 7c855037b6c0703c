package dev.tonnage.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tonnage.error.BadRequest;
import java.util.List;

/**
 * "Don't repeat yourself" (p-e-w 2024, oobabooga's text-generation-webui #5677): a token that would
 * continue a repetition of the last tokens loses {@code multiplier · base ^ (length -
 * allowedLength)}, where the length is that of the repeated tokens before it.
 *
 * @param multiplier what the least penalty is; 0 for none
 * @param base how the penalty grows with each token more; at least 1
 * @param allowedLength how many repeated tokens are too few for a penalty
 * @param lastN how many tokens back a repetition is looked for; 0 for none, -1 for all
 * @param breakers texts that no repetition reaches across, such as the names in a dialogue
 */
public record Dry(
    double multiplier, double base, int allowedLength, int lastN, List<String> breakers) {

  /** What a breaker is cut to elsewhere, silently; and enough of them for any template. */
  private static final int MOST_BREAKER_BYTES = 40;

  private static final int MOST_BREAKERS = 64;

  /** No penalty; but a base of 1.75, two tokens allowed, and the breakers of the paper. */
  public static final Dry OFF = new Dry(0, 1.75, 2, -1, List.of("\n", ":", "\"", "*"));

  /**
   * @throws BadRequest for what is out of range, by the option's name
   */
  public Dry {
    Bounds.require(multiplier >= 0 && multiplier < 1e6, "dry-multiplier", "from 0", multiplier);
    Bounds.require(base >= 1 && base < 1e6, "dry-base", "from 1", base);
    Bounds.require(allowedLength >= 0, "dry-allowed-length", "from 0", allowedLength);
    Bounds.require(lastN >= -1, "dry-penalty-last-n", "at least -1", lastN);
    breakers = List.copyOf(breakers);
    if (breakers.size() > MOST_BREAKERS) {
      throw refused("at most " + MOST_BREAKERS + " of them", breakers.size() + "");
    }
    for (String breaker : breakers) {
      int bytes = breaker.getBytes(UTF_8).length;
      if (bytes == 0 || bytes > MOST_BREAKER_BYTES) {
        throw refused(
            "a text of 1 to " + MOST_BREAKER_BYTES + " bytes in UTF-8",
            bytes == 0 ? "an empty one" : bytes + " bytes");
      }
    }
  }

  private static BadRequest refused(String expected, String found) {
    return new BadRequest("dry-sequence-breaker", expected, found, "correct it");
  }

  /** The same with another multiplier. */
  public Dry withMultiplier(double other) {
    return new Dry(other, base, allowedLength, lastN, breakers);
  }

  /** The same with another base. */
  public Dry withBase(double other) {
    return new Dry(multiplier, other, allowedLength, lastN, breakers);
  }

  /** The same with another length that is allowed. */
  public Dry withAllowedLength(int tokens) {
    return new Dry(multiplier, base, tokens, lastN, breakers);
  }

  /** The same with another window. */
  public Dry withLastN(int tokens) {
    return new Dry(multiplier, base, allowedLength, tokens, breakers);
  }

  /** The same with other breakers. */
  public Dry withBreakers(List<String> others) {
    return new Dry(multiplier, base, allowedLength, lastN, others);
  }

  /** Whether any logit changes. */
  boolean happens() {
    return multiplier > 0 && lastN != 0;
  }
}
