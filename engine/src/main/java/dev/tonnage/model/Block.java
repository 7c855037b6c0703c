package dev.tonnage.model;

import dev.tonnage.kernel.Compute;
import dev.tonnage.model.DecoderArchitecture.Arrangement;
import dev.tonnage.model.DecoderArchitecture.Style;
import dev.tonnage.nn.Attention;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.Cost;
import dev.tonnage.nn.FeedForward;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.GroupedAttention;
import dev.tonnage.nn.LatentAttention;
import dev.tonnage.nn.MixtureOfExperts;
import dev.tonnage.nn.Norm;
import dev.tonnage.nn.RotaryEmbedding;
import dev.tonnage.nn.Router;
import dev.tonnage.nn.Step;
import dev.tonnage.nn.SwiGlu;
import dev.tonnage.nn.Weights;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** A layer of a {@link Decoder}: both halves read the stream and add what they found to it. */
sealed interface Block {

  /**
   * Adds to the stream.
   *
   * @param x [n, H]
   */
  void addTo(Rows x, Rows turns, Step step, Workspace ws);

  /** Of one token that sees no other. */
  Cost cost();

  /** The layer with this index. */
  static Block of(
      Weights layer, int index, DecoderSettings settings, Style style, RotaryEmbedding rotary) {
    int hidden = settings.dimensions().hidden();
    float epsilon = settings.normEpsilon();
    Norm norm = Norm.of(style.norms(), layer, "attn_norm", hidden, epsilon);
    Attention attention = attention(layer, index, settings, rotary);
    FeedForward feedForward =
        feedForward(layer, hidden, settings.dimensions().feedForwards().get(index));
    Compute compute = layer.compute();
    return switch (style.arrangement()) {
      case Arrangement.InTurn(String name) -> {
        Norm second = Norm.of(style.norms(), layer, name, hidden, epsilon);
        yield new InTurn(compute, norm, attention, second, feedForward);
      }
      case Arrangement.Parallel() -> new Parallel(compute, norm, attention, feedForward);
    };
  }

  private static Attention attention(
      Weights layer, int index, DecoderSettings settings, RotaryEmbedding rotary) {
    int hidden = settings.dimensions().hidden();
    float epsilon = settings.normEpsilon();
    float scale = settings.attention().scoreScale();
    return switch (settings.dimensions().attention()) {
      case AttentionShape.Grouped shape ->
          new GroupedAttention(
              layer,
              index,
              hidden,
              shape,
              epsilon,
              rotary,
              scale,
              settings.dimensions().views().get(index));
      case AttentionShape.Latent shape ->
          new LatentAttention(layer, index, hidden, shape, epsilon, rotary, scale);
    };
  }

  private static FeedForward feedForward(Weights layer, int hidden, FeedForwardShape shape) {
    return switch (shape) {
      case FeedForwardShape.Dense(int width) -> new SwiGlu(layer, hidden, width);
      case FeedForwardShape.Mixture mixture ->
          new MixtureOfExperts(layer, hidden, mixture, new Router(layer, hidden, mixture));
    };
  }

  /** The second half reads what the first has added to. */
  record InTurn(
      Compute compute,
      Norm attentionNorm,
      Attention attention,
      Norm feedForwardNorm,
      FeedForward feedForward)
      implements Block {

    @Override
    public void addTo(Rows x, Rows turns, Step step, Workspace ws) {
      try (var _ = ws.frame()) { // a half's scratch ends with it
        Rows normed = attentionNorm.apply(x, ws);
        compute.add(x, attention.apply(normed, turns, step, ws));
      }
      try (var _ = ws.frame()) {
        Rows normed = feedForwardNorm.apply(x, ws);
        compute.add(x, feedForward.apply(normed, step, ws));
      }
    }

    @Override
    public Cost cost() {
      return attentionNorm
          .cost()
          .plus(attention.cost())
          .plus(feedForwardNorm.cost())
          .plus(feedForward.cost());
    }
  }

  /** Both halves read the same (Wang & Komatsuzaki 2021). */
  record Parallel(Compute compute, Norm norm, Attention attention, FeedForward feedForward)
      implements Block {

    @Override
    public void addTo(Rows x, Rows turns, Step step, Workspace ws) {
      try (var _ = ws.frame()) {
        Rows normed = norm.apply(x, ws);
        try (var _ = ws.frame()) {
          compute.add(x, attention.apply(normed, turns, step, ws));
        }
        compute.add(x, feedForward.apply(normed, step, ws));
      }
    }

    @Override
    public Cost cost() {
      return norm.cost().plus(attention.cost()).plus(feedForward.cost());
    }
  }
}
