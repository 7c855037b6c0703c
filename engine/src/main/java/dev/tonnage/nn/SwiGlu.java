package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** The gated feed-forward (Shazeer 2020): {@code down(silu(gate(x)) · up(x))}. F: its width. */
public final class SwiGlu {

  private final Compute compute;
  private final Linear gate;
  private final Linear up;
  private final Linear down;

  /**
   * @param layer where {@code ffn_gate}, {@code ffn_up} and {@code ffn_down} are
   * @param hidden H
   * @param width F
   */
  public SwiGlu(Weights layer, int hidden, int width) {
    this.compute = layer.compute();
    this.gate = new Linear(layer, "ffn_gate", width, hidden);
    this.up = new Linear(layer, "ffn_up", width, hidden);
    this.down = new Linear(layer, "ffn_down", hidden, width);
  }

  /**
   * @param x [n, H]
   * @return [n, H]
   */
  public Rows apply(Rows x, Step step, Workspace ws) {
    Rows g = gate.apply(x, step, ws); // [n, F]
    Rows u = up.apply(x, step, ws); // [n, F]
    compute.swiGlu(g, u);
    return down.apply(g, step, ws); // [n, H]
  }

  /** Of one token. */
  public Cost cost() {
    return gate.cost().plus(up.cost()).plus(down.cost());
  }
}
