package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** The half of a layer that goes over each token alone. H: hidden width. */
public sealed interface FeedForward permits SwiGlu, MixtureOfExperts {

  /**
   * @param x [n, H]
   * @return [n, H]
   */
  Rows apply(Rows x, Step step, Workspace ws);

  /** Of one token. */
  Cost cost();
}
