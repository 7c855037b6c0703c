package dev.tonnage.nn;

import dev.tonnage.cache.KvLayout;
import dev.tonnage.kernel.Demand.Inputs;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.util.List;

/** How wide an attention is, which says what it takes before it is loaded. H: hidden width. */
public sealed interface AttentionShape {

  /** Q, query heads. */
  int heads();

  /** K, heads of the cache that they share. */
  int keyValueHeads();

  /** Numbers of a key in the cache. */
  int keyWidth();

  /** Numbers of a value in the cache. */
  int valueWidth();

  /** How some such layers cache keys and values of these types. */
  KvLayout layout(int layers, DType keyType, DType valueType);

  /**
   * What the parts' weights are multiplied with, but for the stream, in a step of so many tokens.
   */
  List<Inputs> inputs(int tokens);

  /**
   * Bytes of activations that are alive at once, the result included.
   *
   * @param hidden H
   */
  long activationBytes(int tokens, int hidden);

  /**
   * See {@link GroupedAttention}.
   *
   * @param keyValueHeads K, a divisor of Q
   * @param keyWidth D
   * @param valueWidth E
   * @param norms what is normed head by head
   * @param hasSinks whether each query head has a score that no token has
   */
  record Grouped(
      int heads, int keyValueHeads, int keyWidth, int valueWidth, HeadNorms norms, boolean hasSinks)
      implements AttentionShape {

    @Override
    public KvLayout layout(int layers, DType keyType, DType valueType) {
      return new KvLayout(layers, keyValueHeads, keyType, keyWidth, valueType, valueWidth);
    }

    @Override
    public List<Inputs> inputs(int tokens) {
      return List.of(new Inputs(tokens, heads * valueWidth));
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      return Rows.bytes(tokens, heads * keyWidth) // q
          + Rows.bytes(tokens, heads * valueWidth) // what is mixed
          + Rows.bytes(tokens, keyValueHeads * keyWidth)
          + Rows.bytes(tokens, keyValueHeads * valueWidth)
          + Rows.bytes(tokens, hidden); // projected
    }
  }

  /**
   * See {@link LatentAttention}.
   *
   * @param queryRank P, numbers that queries are made of; 0 where that is the stream
   * @param latentWidth C, numbers of a latent, which all heads' keys and values are made of
   * @param rotaryWidth R, numbers of a key that turn, the same for all heads
   * @param plainWidth N, numbers of a head's key that do not turn
   * @param headValueWidth E, numbers of a head's value
   */
  record Latent(
      int heads,
      int queryRank,
      int latentWidth,
      int rotaryWidth,
      int plainWidth,
      int headValueWidth)
      implements AttentionShape {

    @Override
    public int keyValueHeads() {
      return 1;
    }

    @Override
    public int keyWidth() {
      return rotaryWidth + latentWidth;
    }

    @Override
    public int valueWidth() {
      return latentWidth;
    }

    @Override
    public KvLayout layout(int layers, DType keyType, DType valueType) {
      return KvLayout.latent(layers, keyType, keyWidth(), latentWidth);
    }

    @Override
    public List<Inputs> inputs(int tokens) {
      return List.of(
          new Inputs(tokens, Math.max(queryRank, heads * headValueWidth)),
          new Inputs(heads * tokens, Math.max(plainWidth, latentWidth)));
    }

    @Override
    public long activationBytes(int tokens, int hidden) {
      long latents =
          Rows.bytes(tokens, latentWidth + rotaryWidth)
              + 2 * Rows.bytes(tokens, latentWidth); // alone, and normed
      long moved =
          2 * Rows.bytes(tokens, queryRank) // with its norm
              + Rows.bytes(tokens, heads * (plainWidth + rotaryWidth))
              + heads * (Rows.bytes(tokens, plainWidth) + Rows.bytes(tokens, latentWidth));
      long queries =
          Rows.bytes(tokens, heads * keyWidth())
              + Rows.bytes(tokens, keyWidth())
              + Math.max(latents, moved);
      long values = heads * (Rows.bytes(tokens, latentWidth) + Rows.bytes(tokens, headValueWidth));
      return Rows.bytes(tokens, heads * headValueWidth)
          + Math.max(
              Rows.bytes(tokens, heads * latentWidth) + Math.max(queries, values),
              Rows.bytes(tokens, hidden)); // projected
    }
  }
}
