package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/**
 * Chooses experts for each token (Shazeer et al. 2017): those with the largest scores, whose
 * probabilities among each other are what they count.
 */
public final class Router {

  private final Linear scores;
  private final int used;

  /**
   * @param layer where {@code ffn_gate_inp} is
   * @param hidden H
   */
  public Router(Weights layer, int hidden, FeedForwardShape.Mixture shape) {
    this.scores = new Linear(layer, "ffn_gate_inp", shape.experts(), hidden);
    this.used = shape.used();
  }

  /** Of tokens x [n, H]. */
  ExpertChoice choose(Rows x, Step step, Workspace ws) {
    return ExpertChoice.largest(scores.apply(x, step, ws), used);
  }

  /** Of one token. */
  Cost cost() {
    return scores.cost();
  }
}
