package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.kernel.Product;
import dev.tonnage.kernel.RowProducts;
import dev.tonnage.nn.FeedForwardShape.ExpertUnit;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Feed-forwards of which each token takes some (Shazeer et al. 2017). Of the weights, which lie
 * stacked in a tensor for all experts, those are read that some token chose, once for all its
 * tokens. F: an expert's width, r: rows of some experts, one for each token of each.
 *
 * <p>A token's experts are added in the order of their numbers, whoever else is in the step.
 */
public final class MixtureOfExperts implements FeedForward {

  private final Compute compute;
  private final FeedForwardShape.Mixture shape;
  private final Router router;
  private final Optional<SwiGlu> shared;

  /** Of each expert what reads a token: gate and up, or one matrix with a row of each in turn. */
  private final List<List<Tensor>> into;

  private final boolean isJoined;
  private final List<Tensor> downs;
  private final Optional<Biases> biases;

  /**
   * What is added to products.
   *
   * @param into of the matrices that read a token, [E, F] or [E, 2 · F]
   * @param downs [E, H]
   */
  private record Biases(List<Tensor> into, Tensor downs) {

    long bytesOfExpert() {
      return into.stream().mapToLong(Tensor::rowBytes).sum() + downs.rowBytes();
    }
  }

  /**
   * @param layer where {@code ffn_gate_exps} and {@code ffn_up_exps}, or {@code ffn_gate_up_exps}
   *     with the rows of one behind those of the other, or {@code ffn_gate_up_in_turn_exps} with a
   *     row of each in turn, and {@code ffn_down_exps} are, with biases where the shape says so,
   *     and the same with {@code _shexp} where all tokens share an expert
   * @param hidden H
   */
  public MixtureOfExperts(
      Weights layer, int hidden, FeedForwardShape.Mixture shape, Router router) {
    this.compute = layer.compute();
    this.shape = shape;
    this.router = router;
    this.shared =
        shape.sharedWidth() == 0
            ? Optional.empty()
            : Optional.of(new SwiGlu(layer, hidden, shape.sharedWidth(), "_shexp"));
    this.isJoined =
        shape.unit() == ExpertUnit.CLAMPED_WITH_BIASES
            && layer.has("ffn_gate_up_in_turn_exps.weight");
    List<String> names =
        isJoined ? List.of("ffn_gate_up_in_turn_exps") : List.of("ffn_gate_exps", "ffn_up_exps");
    int width = isJoined ? 2 * shape.width() : shape.width();
    this.into = into(layer, names, shape, width, hidden);
    this.downs = layer.stack("ffn_down_exps", shape.experts(), hidden, shape.width());
    this.biases =
        switch (shape.unit()) {
          case SWIGLU, SWIGLU_OF_SHARES -> Optional.empty();
          case CLAMPED_WITH_BIASES ->
              Optional.of(
                  new Biases(
                      names.stream()
                          .map(name -> layer.rows(name + ".bias", shape.experts(), width))
                          .toList(),
                      layer.rows("ffn_down_exps.bias", shape.experts(), hidden)));
        };
  }

  private static List<List<Tensor>> into(
      Weights layer, List<String> names, FeedForwardShape.Mixture shape, int width, int hidden) {
    if (shape.unit() != ExpertUnit.CLAMPED_WITH_BIASES && layer.has("ffn_gate_up_exps.weight")) {
      return layer.stack("ffn_gate_up_exps", shape.experts(), 2 * width, hidden).stream()
          .map(both -> List.of(part(both, "gate", 0, width), part(both, "up", width, width)))
          .toList();
    }
    List<List<Tensor>> stacks =
        names.stream().map(name -> layer.stack(name, shape.experts(), width, hidden)).toList();
    return IntStream.range(0, shape.experts())
        .mapToObj(expert -> stacks.stream().map(stack -> stack.get(expert)).toList())
        .toList();
  }

  private static Tensor part(Tensor both, String name, int first, int count) {
    return both.rows(both.name() + ", " + name, first, count);
  }

  @Override
  public Rows apply(Rows x, Step step, Workspace ws) {
    Rows y = shared.map(s -> s.apply(x, step, ws)).orElseGet(() -> zeros(x, ws));
    try (var _ = ws.frame()) {
      ExpertChoice choice = router.choose(x, step, ws);
      int most = shape.mostRows(x.count());
      int first = 0;
      while (first < shape.experts()) {
        int end = first + 1;
        while (end < shape.experts() && choice.begin(end + 1) - choice.begin(first) <= most) {
          end++;
        }
        if (choice.begin(end) > choice.begin(first)) {
          try (var _ = ws.frame()) {
            addExperts(x, choice, first, end, y, step, ws);
          }
        }
        first = end;
      }
    }
    return y;
  }

  private static Rows zeros(Rows like, Workspace ws) {
    Rows zeros = ws.rows(like.count(), like.width());
    zeros.data().fill((byte) 0);
    return zeros;
  }

  /** Some experts' parts, from the first to before the end. */
  private void addExperts(
      Rows x, ExpertChoice choice, int first, int end, Rows y, Step step, Workspace ws) {
    int from = choice.begin(first);
    int to = choice.begin(end);
    int[] rows = choice.rows(from, to);
    Rows inner = ws.rows(rows.length, shape.width()); // [r, F]
    Rows up = ws.rows(rows.length, shape.width()); // [r, F]
    Rows out = ws.rows(rows.length, x.width()); // [r, H]
    List<Rows> read =
        isJoined ? List.of(ws.rows(rows.length, 2 * shape.width())) : List.of(inner, up);
    List<RowProducts> products = new ArrayList<>();
    List<RowProducts> outOf = new ArrayList<>();
    float[] shares = choice.shares(from, to);
    boolean areScaled = shape.unit() == ExpertUnit.SWIGLU_OF_SHARES;
    boolean isOneForAll = x.count() == 1 && !areScaled;
    Rows picked = x;
    if (!isOneForAll) {
      picked = ws.rows(rows.length, x.width()); // [r, H]
      compute.pick(x, rows, picked);
    }
    if (areScaled) {
      for (int i = 0; i < rows.length; i++) {
        compute.scale(picked.slice(i, 1), shares[i]);
      }
      Arrays.fill(shares, 1);
    }
    List<Product> ofOne = new ArrayList<>(); // products of the only token
    for (int expert = first; expert < end; expert++) {
      int at = choice.begin(expert) - from;
      int count = choice.count(expert);
      if (count > 0) {
        List<Product> ofExpert = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
          ofExpert.add(new Product(into.get(expert).get(i), read.get(i).slice(at, count)));
        }
        if (!isOneForAll) {
          products.add(new RowProducts(picked.slice(at, count), ofExpert));
        } else {
          ofOne.addAll(ofExpert);
        }
        var down = new Product(downs.get(expert), out.slice(at, count));
        outOf.add(new RowProducts(inner.slice(at, count), List.of(down)));
      }
    }
    if (isOneForAll) {
      products.add(new RowProducts(x, ofOne));
    }
    int[] experts = choice.experts(from, to);
    compute.multiply(products, step.phase());
    biases.ifPresent(each -> {
      for (int i = 0; i < read.size(); i++) {
        compute.addFrom(read.get(i), each.into().get(i), experts);
      }
    });
    if (isJoined) {
      compute.split(read.getFirst(), inner, up);
    }
    switch (shape.unit()) {
      case SWIGLU, SWIGLU_OF_SHARES -> compute.swiGlu(inner, up);
      case CLAMPED_WITH_BIASES -> compute.clampedSwiGlu(inner, up);
    }
    compute.multiply(outOf, step.phase());
    biases.ifPresent(each -> compute.addFrom(out, each.downs(), experts));
    compute.addAt(out, rows, shares, y);
  }

  @Override
  public Cost cost() {
    long bytes = 0;
    long multiplyAdds = 0;
    List<Tensor> ofExpert = new ArrayList<>(into.getFirst());
    ofExpert.add(downs.getFirst());
    for (Tensor one : ofExpert) {
      bytes += shape.used() * one.bytes();
      multiplyAdds += shape.used() * one.shape().elements();
    }
    bytes += biases.map(each -> shape.used() * each.bytesOfExpert()).orElse(0L);
    return router
        .cost()
        .plus(shared.map(SwiGlu::cost).orElse(Cost.NONE))
        .plus(new Cost(bytes, multiplyAdds));
  }
}
