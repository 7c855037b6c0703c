package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import java.util.List;

/**
 * How heads turn, as written down: Su et al., "RoFormer" (2021), on adjacent pairs or on halves;
 * Peng et al., "YaRN" (2023), with the constants 32 and 1 for the ramp.
 *
 * @param model whose heads turn
 */
record TextbookRotary(TinyLlama model) {

  private static final double RAMP_FAST = 32;
  private static final double RAMP_SLOW = 1;

  /** Turns pairs by angles that grow with the position. */
  void turn(double[] heads, int start, int position) {
    Rope rope = model.rope();
    for (int pair = 0; pair < rope.width() / 2; pair++) {
      double angle = position * Math.pow(rope.base(), -2.0 * pair / rope.width());
      if (!rope.factors().isEmpty()) {
        angle /= rope.factors().get(pair);
      }
      double magnitude = 1;
      switch (rope.scaling()) {
        case Scaling.None() -> {}
        case Scaling.Linear(float factor) -> angle /= factor;
        case Scaling.Yarn yarn -> {
          double kept = ramp(yarn.originalContextTokens(), pair);
          angle = angle / yarn.factor() * (1 - kept) + angle * kept;
          if (model.latent().isEmpty()) {
            magnitude = yarn.attentionFactor() * (1 + 0.1 * Math.log(yarn.factor()));
          }
        }
      }
      boolean adjacent =
          List.of("llama", "llama4", "deepseek2", "command-r").contains(model.architecture());
      int a = start + (adjacent ? 2 * pair : pair);
      int b = start + (adjacent ? 2 * pair + 1 : pair + rope.width() / 2);
      double cos = Math.cos(angle) * magnitude;
      double sin = Math.sin(angle) * magnitude;
      double first = heads[a];
      heads[a] = first * cos - heads[b] * sin;
      heads[b] = first * sin + heads[b] * cos;
    }
  }

  /** How much of a pair's frequency YaRN keeps: 1 for those that turn often, 0 for the slow. */
  private double ramp(int originalContextTokens, int pair) {
    double low = Math.max(0, Math.floor(pairThatTurns(RAMP_FAST, originalContextTokens)));
    double high =
        Math.min(
            model.rope().width() - 1, Math.ceil(pairThatTurns(RAMP_SLOW, originalContextTokens)));
    return 1 - Math.clamp((pair - low) / Math.max(0.001, high - low), 0, 1);
  }

  /** The pair, as a fraction, that turns so many times within the original context. */
  private double pairThatTurns(double turns, int originalContextTokens) {
    Rope rope = model.rope();
    return rope.width()
        * Math.log(originalContextTokens / (turns * 2 * Math.PI))
        / (2 * Math.log(rope.base()));
  }
}
