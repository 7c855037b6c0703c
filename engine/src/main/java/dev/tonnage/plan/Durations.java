package dev.tonnage.plan;

import java.util.Locale;

/** Spans of time for people. */
public final class Durations {

  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private Durations() {}

  /** Seconds in the unit that suits them, with two or three digits. */
  public static String text(double seconds) {
    if (seconds < 2 * MINUTE) {
      return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
    if (seconds < 2 * HOUR) {
      double minutes = seconds / MINUTE;
      return String.format(Locale.ROOT, minutes < 10 ? "%.1f min" : "%.0f min", minutes);
    }
    return String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
  }
}
