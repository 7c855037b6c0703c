package dev.tonnage.plan;

/**
 * A number that is forecast.
 *
 * @param low less is a surprise
 * @param likely the forecast
 * @param high more is a surprise
 */
public record Band(double low, double likely, double high) {

  /**
   * Of the rate of generation of a machine that was not measured itself: from 1 / 1.47 to 1.224
   * times what is likely. Slow surprises are larger than fast ones: what was fitted ran well.
   */
  static Band ofUnmeasuredRate(double likely) {
    return new Band(likely / 1.47, likely, likely * 1.224);
  }

  /**
   * Of the time of a prompt on a machine that was not measured itself: from 1 / 1.42 to 1.26 times
   * what is likely. Prompts of models without experts, of which none was fitted, are faster.
   */
  static Band ofUnmeasuredPrompt(double likely) {
    return new Band(likely / 1.42, likely, likely * 1.26);
  }

  /**
   * As far down as up.
   *
   * @param spread how many times more or less than what is likely is no surprise
   */
  static Band of(double likely, double spread) {
    return new Band(likely / spread, likely, likely * spread);
  }
}
