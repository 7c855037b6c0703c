package dev.tonnage.model;

import dev.tonnage.cache.KvLayers;
import dev.tonnage.kernel.Demand.Inputs;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.LayerView;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model's shapes say without its weights: enough to plan memory before anything is loaded.
 *
 * @param architecture as the file names it
 * @param vocabulary V, tokens
 * @param hidden H, numbers of the stream
 * @param attention of every layer
 * @param views what each layer sees of a sequence
 * @param feedForwards of each layer
 * @param contextTokens positions the model was trained for
 * @param copiedBytes weights that are copied, since they are needed in another order
 * @param unusedBytes weights that are not read
 */
public record Dimensions(
    String architecture,
    int vocabulary,
    int hidden,
    AttentionShape attention,
    List<LayerView> views,
    List<FeedForwardShape> feedForwards,
    int contextTokens,
    long copiedBytes,
    long unusedBytes) {

  public Dimensions {
    views = List.copyOf(views);
    feedForwards = List.copyOf(feedForwards);
  }

  /** Blocks. */
  public int layers() {
    return feedForwards.size();
  }

  /** How the cache lies with keys and values of these types. */
  public KvLayers cacheLayers(DType keyType, DType valueType) {
    return KvLayers.of(
        views.stream().map(LayerView::reach).toList(),
        count -> attention.layout(count, keyType, valueType));
  }

  /** Multiply-adds of a layer's attention for a token and one that it sees. */
  public long attentionMultiplyAdds() {
    return (long) attention.heads() * (attention.keyWidth() + attention.valueWidth());
  }

  /**
   * How many tokens some of a sequence see, themselves among them, in all layers together.
   *
   * @param depth tokens before the first
   */
  public long seenTokens(int depth, int tokens) {
    return views.stream().mapToLong(view -> view.reach().seen(depth, tokens)).sum();
  }

  /** What weights are multiplied with in a step of so many tokens. */
  public List<Inputs> inputs(int tokens) {
    return Stream.of(
            Stream.of(new Inputs(tokens, hidden)),
            attention.inputs(tokens).stream(),
            feedForwards.stream().distinct().flatMap(each -> each.inputs(tokens, hidden).stream()))
        .flatMap(some -> some)
        .toList();
  }

  /** Numbers that weights of all layers are multiplied with, for a token. */
  public long activations() {
    return feedForwards.stream()
        .mapToLong(each ->
            Stream.of(
                    Stream.of(new Inputs(1, hidden)),
                    attention.inputs(1).stream(),
                    each.inputs(1, hidden).stream())
                .flatMap(some -> some)
                .mapToLong(some -> (long) some.rows() * some.columns())
                .sum())
        .sum();
  }

  /**
   * Bytes of activations that are alive at once in a step.
   *
   * @param tokens of the step
   * @param wanted tokens whose logits are wanted
   */
  public long activationBytes(int tokens, int wanted) {
    long widest =
        feedForwards.stream()
            .distinct()
            .mapToLong(each -> each.activationBytes(tokens, hidden))
            .max()
            .orElseThrow();
    long part = Math.max(attention.activationBytes(tokens, hidden), widest);
    return Rows.bytes(tokens, hidden) // the stream
        + Rows.bytes(tokens, attention.keyWidth()) // angles
        + Math.max(
            Rows.bytes(tokens, hidden) + part, // normed
            Rows.bytes(wanted, hidden) * 2 // selected, normed
                + Rows.bytes(wanted, vocabulary));
  }
}
