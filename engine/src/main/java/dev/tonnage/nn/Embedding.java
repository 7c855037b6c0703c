package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;

/** A vector for each token of the vocabulary: table [V, H]. */
public final class Embedding {

  private final Compute compute;
  private final Tensor table;

  /**
   * @param name of the table, without {@code .weight}
   * @param width H
   */
  public Embedding(Weights weights, String name, int width) {
    this.compute = weights.compute();
    this.table = weights.table(name, width);
  }

  /** V. */
  public int vocabulary() {
    return Math.toIntExact(table.shape().rows());
  }

  /** The vectors of the step's tokens: [n, H]. */
  public Rows rows(Step step, Workspace ws) {
    Rows x = ws.rows(step.count(), Math.toIntExact(table.shape().columns()));
    compute.gather(table, step.tokens(), x);
    return x;
  }

  /** Of one token: a row of the table. */
  public Cost cost() {
    return new Cost(table.rowBytes(), 0);
  }

  /** The same table as the map from hidden states to logits, which many models tie. */
  public Linear tied() {
    return new Linear(compute, table);
  }
}
