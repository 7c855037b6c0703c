package dev.tonnage.model;

import dev.tonnage.nn.Cost;
import dev.tonnage.nn.Step;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** An architecture with its weights. Holds no state of a sequence. */
public interface Model {

  /**
   * Reads a step's tokens, leaves their keys and values in their sequences' caches, and gives the
   * logits of those that are wanted: [wanted, V], valid until the workspace's frame closes.
   */
  Rows forward(Step step, Workspace ws);

  /** What a token costs, from its embedding to the last layer. */
  Cost tokenCost();

  /** What a token's logits cost. */
  Cost logitsCost();
}
