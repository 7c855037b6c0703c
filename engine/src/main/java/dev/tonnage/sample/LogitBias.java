package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is added to the logits of tokens before anything else happens.
 *
 * @param byToken what each token gets, by its id; minus infinity bans it
 */
public record LogitBias(SortedMap<Integer, Double> byToken) {

  /** Nothing. */
  public static final LogitBias NONE = new LogitBias(new TreeMap<>());

  /**
   * @throws BadRequest for an id below 0, or a bias that is not a number or infinite upward
   */
  public LogitBias {
    byToken = Collections.unmodifiableSortedMap(new TreeMap<>(byToken));
    byToken.forEach((id, bias) -> {
      if (id < 0) {
        throw new BadRequest("logit-bias", "an id of a token", id + "", "correct it");
      }
      Bounds.require(
          Math.abs(bias) < 1e6 || bias == Double.NEGATIVE_INFINITY,
          "logit-bias",
          "such as 1.5, or -inf",
          bias);
    });
  }

  /** The same, and this bias for a token. */
  public LogitBias with(int id, double bias) {
    SortedMap<Integer, Double> more = new TreeMap<>(byToken);
    more.put(id, bias);
    return new LogitBias(more);
  }

  /**
   * Refuses ids that a model does not have.
   *
   * @param vocabulary number of its tokens
   * @throws BadRequest if there is one
   */
  void requireWithin(int vocabulary) {
    if (!byToken.isEmpty() && byToken.lastKey() >= vocabulary) {
      throw new BadRequest(
          "logit-bias",
          "a token's id from 0 to " + (vocabulary - 1),
          byToken.lastKey() + "",
          "ids of another model do not fit this one");
    }
  }
}
