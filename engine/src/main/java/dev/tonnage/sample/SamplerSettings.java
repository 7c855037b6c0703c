package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;

/**
 * How tokens are drawn. The names are those users know.
 *
 * @param temperature what logits are divided by; 0 takes the greatest (greedy)
 * @param topK how many of the greatest stay; 0 for all
 * @param topP the least set of the most probable whose probabilities reach this stays; 1 for all
 * @param minP those stay that are at least this probable relative to the most probable; 0 for all
 * @param repeatPenalty what logits of repeated tokens are divided by, or multiplied with where they
 *     are negative; 1 for none
 * @param repeatLastN how many tokens back count as repeated; -1 for all
 * @param seed of the random draws
 */
public record SamplerSettings(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repeatPenalty,
    int repeatLastN,
    long seed) {

  public SamplerSettings {
    require(temperature >= 0 && temperature < 1e6, "temperature", "from 0", temperature);
    require(topK >= 0, "top-k", "at least 0", topK);
    require(topP > 0 && topP <= 1, "top-p", "above 0, up to 1", topP);
    require(minP >= 0 && minP <= 1, "min-p", "from 0 to 1", minP);
    require(repeatPenalty > 0 && repeatPenalty < 1e6, "repeat-penalty", "above 0", repeatPenalty);
    require(repeatLastN >= -1, "repeat-last-n", "at least -1", repeatLastN);
  }

  /** Always the most probable token. */
  public static SamplerSettings greedy() {
    return new SamplerSettings(0, 0, 1, 0, 1, 0, 0);
  }

  private static void require(boolean holds, String option, String expected, Number found) {
    if (!holds) {
      throw new BadRequest(option, "a number " + expected, found + "", "correct it");
    }
  }
}
