package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import java.util.Optional;

/**
 * How a layer's attention weighs what came before.
 *
 * @param scale what scores are multiplied with, usually 1/√keyWidth
 * @param window how many positions a row sees at most, its own among them; at least 1
 * @param sinks of each query head a score that no token has and that takes its share of the sum
 *     (OpenAI 2025, after Xiao et al. 2024), [1, queryHeads]; empty for none
 */
public record AttentionRule(float scale, int window, Optional<Rows> sinks) {

  /** The window that hides nothing. */
  public static final int EVERYTHING = Integer.MAX_VALUE;

  public AttentionRule {
    if (window < 1) {
      throw new IllegalArgumentException("a window of " + window + " positions");
    }
  }

  /** Everything before is seen, and nothing else has a share. */
  public static AttentionRule full(float scale) {
    return new AttentionRule(scale, EVERYTHING, Optional.empty());
  }

  /** The first position that is seen from another. */
  public int firstSeen(int position) {
    return (int) Math.max(0, position + 1L - window);
  }
}
