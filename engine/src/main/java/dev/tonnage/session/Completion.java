package dev.tonnage.session;

import java.util.List;

/**
 * What a generation came to.
 *
 * @param ids tokens that were sampled, without the one that ended the text
 * @param text what they say, without the prompt
 * @param end why it ended
 * @param promptTokens tokens of the prompt
 * @param promptNanos time to read them
 * @param generationNanos time from the first token on
 */
public record Completion(
    List<Integer> ids,
    String text,
    End end,
    int promptTokens,
    long promptNanos,
    long generationNanos) {

  /** Why a generation ended. */
  public enum End {
    /** The model said so. */
    MODEL,
    /** As many tokens as were asked for. */
    LENGTH,
    /** The context is full. */
    CONTEXT,
    /** Whoever asked no longer wants it. */
    CANCELLED
  }

  /** Prompt tokens per second; NaN where nothing was read. */
  public double promptRate() {
    return rate(promptTokens, promptNanos);
  }

  /**
   * Tokens per second after the first, whose time is the prompt's; NaN where there are fewer than
   * two.
   */
  public double generationRate() {
    return ids.size() < 2 ? Double.NaN : rate(ids.size() - 1, generationNanos);
  }

  private static double rate(int tokens, long nanos) {
    return tokens == 0 || nanos == 0 ? Double.NaN : tokens * 1e9 / nanos;
  }
}
