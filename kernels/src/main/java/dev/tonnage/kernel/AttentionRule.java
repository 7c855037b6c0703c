package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import java.util.Optional;

/**
 * How a layer's attention weighs what came before.
 *
 * @param scale what scores are multiplied with, usually 1/√keyWidth
 * @param reach which positions a row sees
 * @param sinks of each query head a score that no token has and that takes its share of the sum
 *     (OpenAI 2025, after Xiao et al. 2024), [1, queryHeads]; empty for none
 */
public record AttentionRule(float scale, Reach reach, Optional<Rows> sinks) {

  /** Everything before is seen, and nothing else has a share. */
  public static AttentionRule full(float scale) {
    return new AttentionRule(scale, Reach.EVERYTHING, Optional.empty());
  }

  /** The first position that is seen from another. */
  public int firstSeen(int position) {
    return reach.firstSeen(position);
  }
}
