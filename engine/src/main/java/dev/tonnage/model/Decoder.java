package dev.tonnage.model;

import dev.tonnage.nn.Attention;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.Cost;
import dev.tonnage.nn.Embedding;
import dev.tonnage.nn.FeedForward;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.GroupedAttention;
import dev.tonnage.nn.LatentAttention;
import dev.tonnage.nn.Linear;
import dev.tonnage.nn.MixtureOfExperts;
import dev.tonnage.nn.RmsNorm;
import dev.tonnage.nn.RotaryEmbedding;
import dev.tonnage.nn.Router;
import dev.tonnage.nn.Step;
import dev.tonnage.nn.SwiGlu;
import dev.tonnage.nn.Weights;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder that most open models are (Vaswani et al. 2017, with the norms before the parts they
 * are for): attention and feed-forward in turn, each reading the stream and adding to it. H: hidden
 * width, V: vocabulary, n: tokens of a step, w: those whose logits are wanted.
 */
final class Decoder implements Model {

  /** Both halves read the stream and add what they found to it. */
  private record Block(
      RmsNorm attentionNorm,
      Attention attention,
      RmsNorm feedForwardNorm,
      FeedForward feedForward) {

    Block(
        Weights layer,
        int index,
        DecoderSettings settings,
        String feedForwardNorm,
        RotaryEmbedding rotary) {
      int hidden = settings.dimensions().hidden();
      float epsilon = settings.normEpsilon();
      this(
          new RmsNorm(layer, "attn_norm", hidden, epsilon),
          attention(layer, index, settings, rotary),
          new RmsNorm(layer, feedForwardNorm, hidden, epsilon),
          feedForward(layer, hidden, settings.dimensions().feedForwards().get(index)));
    }

    private static Attention attention(
        Weights layer, int index, DecoderSettings settings, RotaryEmbedding rotary) {
      int hidden = settings.dimensions().hidden();
      float epsilon = settings.normEpsilon();
      float scale = settings.scoreScale();
      return switch (settings.dimensions().attention()) {
        case AttentionShape.Grouped shape ->
            new GroupedAttention(layer, index, hidden, shape, epsilon, rotary, scale);
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

    Cost cost() {
      return attentionNorm
          .cost()
          .plus(attention.cost())
          .plus(feedForwardNorm.cost())
          .plus(feedForward.cost());
    }
  }

  private final Weights weights;
  private final Embedding embedding;
  private final RotaryEmbedding rotary;
  private final List<Block> blocks = new ArrayList<>();
  private final RmsNorm norm;
  private final Linear output;

  /**
   * Takes all tensors of a checkpoint.
   *
   * @param architecture what the model's family has in common
   */
  Decoder(DecoderSettings settings, Weights weights, DecoderArchitecture architecture) {
    Dimensions d = settings.dimensions();
    this.weights = weights;
    this.embedding = new Embedding(weights, "token_embd", d.hidden());
    RotarySettings turns = settings.rotary();
    this.rotary =
        new RotaryEmbedding(
            weights.compute(),
            turns.width(),
            turns.base(),
            rotaryDivisors(turns.width() / 2),
            turns.scaling(),
            turns.magnitude(),
            architecture.pairing());
    for (int i = 0; i < d.layers(); i++) {
      blocks.add(new Block(weights.layer(i), i, settings, architecture.feedForwardNorm(), rotary));
    }
    this.norm = new RmsNorm(weights, "output_norm", d.hidden(), settings.normEpsilon());
    this.output =
        weights.has("output.weight")
            ? new Linear(weights, "output", embedding.vocabulary(), d.hidden())
            : embedding.tied();
    for (int i = d.layers(); i < d.layers() + settings.unusedLayers(); i++) {
      weights.layer(i).passAll();
    }
    weights.requireAllTaken(d.architecture());
  }

  /** Llama 3.1 and later store a divisor for each pair in a tensor of their own. */
  private float[] rotaryDivisors(int pairs) {
    float[] ones = new float[pairs];
    Arrays.fill(ones, 1);
    return weights.optionalVector("rope_freqs.weight", pairs).map(v -> v.toArray(0)).orElse(ones);
  }

  @Override
  public Rows forward(Step step, Workspace ws) {
    Rows x = embedding.rows(step, ws); // [n, H]
    Rows turns = rotary.turns(step, ws);
    for (Block block : blocks) {
      try (var _ = ws.frame()) { // a layer's scratch ends with it
        Rows normed = block.attentionNorm().apply(x, ws);
        weights.compute().add(x, block.attention().apply(normed, turns, step, ws));
      }
      try (var _ = ws.frame()) {
        Rows normed = block.feedForwardNorm().apply(x, ws);
        weights.compute().add(x, block.feedForward().apply(normed, step, ws));
      }
    }
    Rows last = norm.apply(step.select(x, ws), ws); // [w, H]
    return output.apply(last, step, ws); // [w, V]
  }

  @Override
  public Cost tokenCost() {
    return blocks.stream().map(Block::cost).reduce(embedding.cost(), Cost::plus);
  }

  @Override
  public Cost logitsCost() {
    return norm.cost().plus(output.cost());
  }
}
