package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** The half of a layer in which tokens see those before them. H: hidden width. */
public sealed interface Attention permits GroupedAttention, LatentAttention {

  /**
   * @param x [n, H]
   * @param turns of the step, from the rotary embedding
   * @return [n, H]
   */
  Rows apply(Rows x, Rows turns, Step step, Workspace ws);

  /** Of one token that sees no other. */
  Cost cost();
}
