package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.nn.RopeScaling;

/**
 * What a file says about the rotary embedding.
 *
 * @param width R, numbers of a head that turn
 * @param base the angles' base
 * @param scaling how angles are stretched; divisors in a tensor of their own come before it
 * @param magnitude what cosines and sines are multiplied with
 */
record RotarySettings(int width, double base, RopeScaling scaling, double magnitude) {

  /**
   * Reads them.
   *
   * @param keyWidth of a head, all of which turns where the file says nothing else
   */
  static RotarySettings read(ArchitectureKeys keys, int keyWidth) {
    RopeScaling scaling = scaling(keys);
    return checked(keys, keyWidth, scaling, magnitude(keys, scaling));
  }

  /**
   * Reads them without a magnitude: of latent attention it is in the scale of scores, where the
   * part of a key is that does not turn, too.
   */
  static RotarySettings readWithoutMagnitude(ArchitectureKeys keys, int keyWidth) {
    return checked(keys, keyWidth, scaling(keys), 1);
  }

  private static RotarySettings checked(
      ArchitectureKeys keys, int keyWidth, RopeScaling scaling, double magnitude) {
    int width = keys.count("rope.dimension_count", keyWidth);
    double base = keys.number("rope.freq_base", 10_000);
    if (width % 2 != 0 || width > keyWidth) {
      throw new BadFile(
          keys.where("rope.dimension_count"),
          "an even number up to the head width " + keyWidth,
          width + "",
          "convert the model again");
    }
    if (base <= 0) {
      throw new BadFile(
          keys.where("rope.freq_base"), "a number above 0", base + "", "convert the model again");
    }
    return new RotarySettings(width, base, scaling, magnitude);
  }

  private static RopeScaling scaling(ArchitectureKeys keys) {
    double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
    String type = keys.text("rope.scaling.type", factor == 1 ? "none" : "linear");
    int originalContext =
        keys.count("rope.scaling.original_context_length", keys.count("context_length"));
    double betaFast = keys.number("rope.scaling.yarn_beta_fast", 32);
    double betaSlow = keys.number("rope.scaling.yarn_beta_slow", 1);
    if (factor <= 0 || betaFast <= 0 || betaSlow <= 0) {
      throw new BadFile(
          keys.where("rope.scaling"),
          "positive numbers",
          "factor " + factor + ", betas " + betaFast + " and " + betaSlow,
          "convert the model again");
    }
    RopeScaling.Bounds bounds =
        keys.flag("rope.scaling.yarn_truncate", true) // of folders alone
            ? RopeScaling.Bounds.WHOLE
            : RopeScaling.Bounds.FRACTIONS;
    return switch (type) {
      case "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(factor);
      case "yarn" -> new RopeScaling.Yarn(factor, originalContext, betaFast, betaSlow, bounds);
      default ->
          throw new UnsupportedModel(
              keys.where(), "rope scaling '" + type + "'", "known are none, linear and yarn");
    };
  }

  /**
   * A file's own factor counts without any scaling, too; YaRN's comes on top (Peng et al. 2023).
   */
  private static double magnitude(ArchitectureKeys keys, RopeScaling scaling) {
    double own = keys.number("rope.scaling.attn_factor", 1);
    return switch (scaling) {
      case RopeScaling.None() -> own;
      case RopeScaling.Linear(_) -> own;
      case RopeScaling.Yarn yarn -> own * (1 + 0.1 * Math.log(yarn.factor()));
    };
  }
}
