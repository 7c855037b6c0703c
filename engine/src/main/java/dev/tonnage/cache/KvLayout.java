package dev.tonnage.cache;

import dev.tonnage.tensor.DType;

/**
 * How grouped attention's keys and values lie in a block: layer after layer, a layer's keys {@code
 * [heads, BLOCK_TOKENS, keyWidth]} and then its values {@code [heads, BLOCK_TOKENS, valueWidth]}.
 *
 * @param layers layers of the model
 * @param heads key/value heads of a layer
 * @param keyType how keys are stored
 * @param keyWidth numbers of a key
 * @param valueType how values are stored
 * @param valueWidth numbers of a value
 */
public record KvLayout(
    int layers, int heads, DType keyType, int keyWidth, DType valueType, int valueWidth) {

  /** Tokens in a block: small enough to waste little, large enough to walk fast. */
  public static final int BLOCK_TOKENS = 32;

  /** Bytes a token takes in all layers. */
  public long tokenBytes() {
    return (long) layers * heads * (keyType.bytes(keyWidth) + valueType.bytes(valueWidth));
  }

  /** Bytes of a block. */
  public long blockBytes() {
    return BLOCK_TOKENS * tokenBytes();
  }

  /** Blocks that hold this many tokens. */
  public static int blocks(int tokens) {
    return Math.ceilDiv(tokens, BLOCK_TOKENS);
  }

  /** Where a layer's keys begin in a block, in bytes. */
  public long keyOffset(int layer) {
    return layer * (layerKeyBytes() + layerValueBytes());
  }

  /** Where a layer's values begin in a block, in bytes. */
  public long valueOffset(int layer) {
    return keyOffset(layer) + layerKeyBytes();
  }

  private long layerKeyBytes() {
    return (long) heads * BLOCK_TOKENS * keyType.bytes(keyWidth);
  }

  private long layerValueBytes() {
    return (long) heads * BLOCK_TOKENS * valueType.bytes(valueWidth);
  }
}
