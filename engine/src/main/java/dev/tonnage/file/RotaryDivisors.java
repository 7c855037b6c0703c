package dev.tonnage.file;

/**
 * How Llama 3.1 stretches angles (Llama Team 2024): those that turn often within the original
 * context stay, the slow ones are divided by a factor, and between them it grows.
 */
final class RotaryDivisors {

  private RotaryDivisors() {}

  /**
   * What each pair's angle is divided by.
   *
   * @param theta base of the angles
   * @param width numbers that turn
   * @param lowFactor turns within the original context up to which a pair is slow
   * @param highFactor turns from which it is fast
   */
  static double[] of(
      double theta,
      int width,
      double factor,
      double lowFactor,
      double highFactor,
      long originalContext) {
    double[] divisors = new double[width / 2];
    for (int pair = 0; pair < divisors.length; pair++) {
      double wavelength = 2 * Math.PI * Math.pow(theta, 2.0 * pair / width);
      double turns = originalContext / wavelength;
      double kept = Math.clamp((turns - lowFactor) / (highFactor - lowFactor), 0, 1);
      divisors[pair] = 1 / ((1 - kept) / factor + kept);
    }
    return divisors;
  }
}
