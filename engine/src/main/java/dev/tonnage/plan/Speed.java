package dev.tonnage.plan;

import java.util.Optional;
import java.util.OptionalDouble;

/** How fast an engine does a model's work on some hardware. */
public sealed interface Speed permits FittedSpeed, CalibratedSpeed {

  /**
   * Tokens a second that each of some sequences generates.
   *
   * @param depth tokens before
   */
  Band tokensPerSecond(int depth, int sequences);

  /**
   * The likely time of tokens of a prompt behind others that were read before, until the next token
   * can be drawn.
   *
   * @return in seconds; empty where it is not known how fast prompts are
   */
  OptionalDouble promptSeconds(int depth, int tokens);

  /**
   * Seconds until a prompt of so many tokens has its first token.
   *
   * @return empty where it is not known how fast prompts are
   */
  Optional<Band> promptSeconds(int tokens);
}
