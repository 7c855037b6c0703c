package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;

/** What settings may be: an error names the option, as users know it. */
final class Bounds {

  private Bounds() {}

  /**
   * @param option its name, without dashes
   * @param expected what goes on from "a number"
   * @throws BadRequest if it does not hold
   */
  static void require(boolean holds, String option, String expected, Number found) {
    if (!holds) {
      throw new BadRequest(option, "a number " + expected, found + "", "correct it");
    }
  }
}
