package dev.tonnage.nn;

/** How a model stretches its rotary angles beyond the context it was first trained on. */
public sealed interface RopeScaling {

  /** Not at all. */
  record None() implements RopeScaling {}

  /**
   * Positions divided by a factor (Chen et al. 2023).
   *
   * @param factor at least 1 to stretch
   */
  record Linear(double factor) implements RopeScaling {}

  /**
   * YaRN (Peng et al. 2023): fast pairs keep their frequency, slow ones are divided, those between
   * are mixed.
   *
   * @param factor how much the context grew
   * @param originalContextTokens the context it grew from
   * @param betaFast turns in the original context above which a pair is left alone
   * @param betaSlow turns below which a pair is divided whole
   * @param bounds which pairs those turns are
   */
  record Yarn(
      double factor, int originalContextTokens, double betaFast, double betaSlow, Bounds bounds)
      implements RopeScaling {}

  /** Which pairs make so many turns. */
  enum Bounds {
    /** Whole ones, the next further out. */
    WHOLE,
    /** Between two, as gpt-oss has them. */
    FRACTIONS
  }
}
