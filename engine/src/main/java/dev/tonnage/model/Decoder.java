package dev.tonnage.model;

import dev.tonnage.nn.Cost;
import dev.tonnage.nn.Embedding;
import dev.tonnage.nn.Linear;
import dev.tonnage.nn.Norm;
import dev.tonnage.nn.RotaryEmbedding;
import dev.tonnage.nn.Step;
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

  private final Weights weights;
  private final Embedding embedding;
  private final RotaryEmbedding rotary;
  private final List<Block> blocks = new ArrayList<>();
  private final Norm norm;
  private final Linear output;
  private final float logitScale;

  /**
   * Takes all tensors of a checkpoint.
   *
   * @param architecture what the model's family has in common
   */
  Decoder(DecoderSettings settings, Weights weights, DecoderArchitecture architecture) {
    Dimensions d = settings.dimensions();
    this.weights = weights;
    this.embedding = new Embedding(weights, "token_embd", d.hidden());
    RotarySettings turns = settings.attention().rotary();
    this.rotary =
        new RotaryEmbedding(
            weights.compute(),
            turns.width(),
            turns.base(),
            rotaryDivisors(turns.width() / 2),
            turns.scaling(),
            turns.magnitude(),
            settings.pairing());
    for (int i = 0; i < d.layers(); i++) {
      blocks.add(Block.of(weights.layer(i), i, settings, architecture.style(), rotary));
    }
    this.norm =
        Norm.of(
            architecture.style().norms(),
            weights,
            "output_norm",
            d.hidden(),
            settings.normEpsilon());
    this.logitScale = settings.logitScale();
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
      block.addTo(x, turns, step, ws);
    }
    Rows last = norm.apply(step.select(x, ws), ws); // [w, H]
    Rows logits = output.apply(last, step, ws); // [w, V]
    if (logitScale != 1) {
      weights.compute().scale(logits, logitScale);
    }
    return logits;
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
