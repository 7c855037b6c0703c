package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.Optional;

/** Queries of latent attention, through a few numbers where the model has that. */
final class LatentQuery {

  /** To P numbers, and their norm. */
  private record Down(Linear matrix, RmsNorm norm) {}

  private final Optional<Down> down;
  private final Linear up;

  /**
   * @param weights where {@code attn_q_a}, {@code attn_q_a_norm} and {@code attn_q_b} are, or
   *     {@code attn_q} alone
   * @param hidden H
   * @param epsilon of the norm
   */
  LatentQuery(Weights weights, int hidden, AttentionShape.Latent shape, float epsilon) {
    int outputs = shape.heads() * (shape.plainWidth() + shape.rotaryWidth());
    int rank = shape.queryRank();
    if (rank == 0) {
      this.down = Optional.empty();
      this.up = new Linear(weights, "attn_q", outputs, hidden);
    } else {
      this.down =
          Optional.of(
              new Down(
                  new Linear(weights, "attn_q_a", rank, hidden),
                  new RmsNorm(weights, "attn_q_a_norm", rank, epsilon)));
      this.up = new Linear(weights, "attn_q_b", outputs, rank);
    }
  }

  /**
   * @param x [n, H]
   * @return [n, Q·(N+R)]
   */
  Rows apply(Rows x, Step step, Workspace ws) {
    Rows few = down.map(d -> d.norm().apply(d.matrix().apply(x, step, ws), ws)).orElse(x);
    return up.apply(few, step, ws);
  }

  /** Of one token. */
  Cost cost() {
    return down.map(d -> d.matrix().cost().plus(d.norm().cost())).orElse(Cost.NONE).plus(up.cost());
  }
}
