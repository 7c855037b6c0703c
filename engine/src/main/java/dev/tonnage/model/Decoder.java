package dev.tonnage.model;

import dev.tonnage.nn.Cost;
import dev.tonnage.nn.Embedding;
import dev.tonnage.nn.FeedForward;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.GroupedAttention;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
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
      GroupedAttention attention,
      RmsNorm feedForwardNorm,
      FeedForward feedForward) {

    Block(
        Weights layer,
        int index,
        DecoderSettings settings,
        HeadNorms headNorms,
        RotaryEmbedding rotary) {
      Dimensions d = settings.dimensions();
      float epsilon = settings.normEpsilon();
      this(
          new RmsNorm(layer, "attn_norm", d.hidden(), epsilon),
          new GroupedAttention(
              layer,
              index,
              settings.attention(),
              headNorms,
              epsilon,
              rotary,
              settings.scoreScale()),
          new RmsNorm(layer, "ffn_norm", d.hidden(), epsilon),
          feedForward(layer, settings));
    }

    private static FeedForward feedForward(Weights layer, DecoderSettings settings) {
      int hidden = settings.dimensions().hidden();
      return switch (settings.dimensions().feedForward()) {
        case FeedForwardShape.Dense(int width) -> new SwiGlu(layer, hidden, width);
        case FeedForwardShape.Mixture shape ->
            new MixtureOfExperts(layer, hidden, shape, new Router(layer, hidden, shape));
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
    this.rotary =
        new RotaryEmbedding(
            weights.compute(),
            settings.rotaryWidth(),
            settings.rotaryBase(),
            rotaryDivisors(settings.rotaryWidth() / 2),
            settings.ropeScaling(),
            settings.rotaryMagnitude(),
            architecture.pairing());
    for (int i = 0; i < d.layers(); i++) {
      blocks.add(new Block(weights.layer(i), i, settings, architecture.headNorms(), rotary));
    }
    this.norm = new RmsNorm(weights, "output_norm", d.hidden(), settings.normEpsilon());
    this.output =
        weights.has("output.weight")
            ? new Linear(weights, "output", embedding.vocabulary(), d.hidden())
            : embedding.tied();
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
