package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;

/**
 * A shape of attention.
 *
 * @param queries query rows, the last of them at position {@code tokens - 1}
 */
record AttentionShape(
    int tokens,
    int queries,
    int keyHeads,
    int group,
    DType keyType,
    int keyWidth,
    DType valueType,
    int valueWidth,
    int blockTokens,
    ValuePlace valuePlace) {

  AttentionShape(
      int tokens,
      int queries,
      int keyHeads,
      int group,
      DType keyType,
      int keyWidth,
      DType valueType,
      int valueWidth,
      int blockTokens) {
    this(
        tokens,
        queries,
        keyHeads,
        group,
        keyType,
        keyWidth,
        valueType,
        valueWidth,
        blockTokens,
        ValuePlace.BESIDE_KEYS);
  }

  /** Of latent attention. */
  static AttentionShape latent(
      int tokens, int queries, int group, DType type, int keyWidth, int valueWidth, int block) {
    return new AttentionShape(
        tokens, queries, 1, group, type, keyWidth, type, valueWidth, block, ValuePlace.END_OF_KEYS);
  }

  enum ValuePlace {
    BESIDE_KEYS,
    END_OF_KEYS
  }
}
