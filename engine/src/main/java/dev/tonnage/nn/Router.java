package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** Chooses experts for each token by their scores, see {@link Routing}. E experts. */
public final class Router {

  private final Linear scores;
  private final float[] biases;
  private final FeedForwardShape.Mixture shape;

  /**
   * @param layer where {@code ffn_gate_inp} is, and {@code exp_probs_b} where the choice is biased
   * @param hidden H
   */
  public Router(Weights layer, int hidden, FeedForwardShape.Mixture shape) {
    this.scores = new Linear(layer, "ffn_gate_inp", shape.experts(), hidden);
    this.biases =
        switch (shape.routing().selection()) {
          case PROBABILITIES -> new float[shape.experts()];
          case BIASED_PROBABILITIES ->
              layer
                  .optionalVector("exp_probs_b.bias", shape.experts())
                  .map(row -> row.toArray(0))
                  .orElseGet(() -> new float[shape.experts()]);
        };
    this.shape = shape;
  }

  /** Of tokens x [n, H]. */
  ExpertChoice choose(Rows x, Step step, Workspace ws) {
    return ExpertChoice.of(scores.apply(x, step, ws), biases, shape.used(), shape.routing());
  }

  /** Of one token. */
  Cost cost() {
    return scores.cost();
  }
}
