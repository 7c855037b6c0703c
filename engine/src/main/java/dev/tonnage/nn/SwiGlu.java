package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.List;

/** The gated feed-forward (Shazeer 2020): {@code down(silu(gate(x)) · up(x))}. F: its width. */
public final class SwiGlu implements FeedForward {

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
    this(layer, hidden, width, "");
  }

  /**
   * One of several in a layer.
   *
   * @param suffix what comes after the three names
   */
  SwiGlu(Weights layer, int hidden, int width, String suffix) {
    this.compute = layer.compute();
    this.gate = new Linear(layer, "ffn_gate" + suffix, width, hidden);
    this.up = new Linear(layer, "ffn_up" + suffix, width, hidden);
    this.down = new Linear(layer, "ffn_down" + suffix, hidden, width);
  }

  @Override
  public Rows apply(Rows x, Step step, Workspace ws) {
    List<Rows> both = Linear.applyAll(List.of(gate, up), x, step, ws); // [n, F] each
    compute.swiGlu(both.get(0), both.get(1));
    return down.apply(both.get(0), step, ws); // [n, H]
  }

  @Override
  public Cost cost() {
    return gate.cost().plus(up.cost()).plus(down.cost());
  }
}
