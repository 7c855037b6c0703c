package dev.tonnage.model;

import dev.tonnage.cache.KvLayout;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;

/**
 * What a model's shapes say without its weights: enough to plan memory before anything is loaded.
 *
 * @param architecture as the file names it
 * @param vocabulary V, tokens
 * @param layers blocks
 * @param hidden H, numbers of the stream
 * @param feedForward how wide it is, F numbers inside
 * @param heads Q, query heads
 * @param keyValueHeads K
 * @param keyWidth D
 * @param valueWidth E
 * @param contextTokens positions the model was trained for
 */
public record Dimensions(
    String architecture,
    int vocabulary,
    int layers,
    int hidden,
    FeedForwardShape feedForward,
    int heads,
    int keyValueHeads,
    int keyWidth,
    int valueWidth,
    int contextTokens) {

  /** How the cache lies with keys and values of these types. */
  public KvLayout kvLayout(DType keyType, DType valueType) {
    return new KvLayout(layers, keyValueHeads, keyType, keyWidth, valueType, valueWidth);
  }

  /** Multiply-adds of a token in all layers, for each token that it sees, itself included. */
  public long attentionMultiplyAdds() {
    return (long) layers * heads * (keyWidth + valueWidth);
  }

  /**
   * Bytes of activations that are alive at once in a step.
   *
   * @param tokens of the step
   * @param wanted tokens whose logits are wanted
   */
  public long activationBytes(int tokens, int wanted) {
    long attention =
        Rows.bytes(tokens, hidden) // normed
            + Rows.bytes(tokens, heads * keyWidth) // q
            + Rows.bytes(tokens, heads * valueWidth) // what is mixed
            + Rows.bytes(tokens, keyValueHeads * keyWidth)
            + Rows.bytes(tokens, keyValueHeads * valueWidth)
            + Rows.bytes(tokens, hidden); // projected
    long gated = Rows.bytes(tokens, hidden) + feedForward.activationBytes(tokens, hidden);
    return Rows.bytes(tokens, hidden) // the stream
        + Rows.bytes(tokens, keyWidth) // angles
        + Math.max(
            Math.max(attention, gated),
            Rows.bytes(wanted, hidden) * 2 // selected, normed
                + Rows.bytes(wanted, vocabulary));
  }
}
