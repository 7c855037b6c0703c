package dev.tonnage.cache;

import dev.tonnage.tensor.DType;

/**
 * How keys and values of layers that see equally far lie in a block: layer after layer, a layer's
 * keys {@code [heads, BLOCK_TOKENS, keyWidth]} and then its values {@code [heads, BLOCK_TOKENS,
 * valueWidth]}, where they are not the end of keys.
 *
 * @param layers how many layers
 * @param heads key/value heads of a layer
 * @param keyType how keys are stored
 * @param keyWidth numbers of a key
 * @param valueType how values are stored
 * @param valueWidth numbers of a value
 * @param valuePlace where values are
 */
public record KvLayout(
    int layers,
    int heads,
    DType keyType,
    int keyWidth,
    DType valueType,
    int valueWidth,
    ValuePlace valuePlace) {

  /** Where a layer's values are. */
  public enum ValuePlace {
    BEHIND_ALL_KEYS,
    /** Of each key, as in latent attention. */
    END_OF_KEYS
  }

  /** Keys and values of their own. */
  public KvLayout(
      int layers, int heads, DType keyType, int keyWidth, DType valueType, int valueWidth) {
    this(layers, heads, keyType, keyWidth, valueType, valueWidth, ValuePlace.BEHIND_ALL_KEYS);
  }

  /** Of latent attention: one key a token, whose end is the value. */
  public static KvLayout latent(int layers, DType type, int keyWidth, int valueWidth) {
    return new KvLayout(layers, 1, type, keyWidth, type, valueWidth, ValuePlace.END_OF_KEYS);
  }

  /** Tokens in a block: small enough to waste little, large enough to walk fast. */
  public static final int BLOCK_TOKENS = 32;

  /** Bytes a token takes in all layers. */
  public long tokenBytes() {
    return layers * (layerKeyBytes() + layerValueBytes()) / BLOCK_TOKENS;
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
    return keyOffset(layer)
        + switch (valuePlace) {
          case BEHIND_ALL_KEYS -> layerKeyBytes();
          case END_OF_KEYS -> keyType.bytes(keyWidth - valueWidth);
        };
  }

  private long layerKeyBytes() {
    return (long) heads * BLOCK_TOKENS * keyType.bytes(keyWidth);
  }

  private long layerValueBytes() {
    return switch (valuePlace) {
      case BEHIND_ALL_KEYS -> (long) heads * BLOCK_TOKENS * valueType.bytes(valueWidth);
      case END_OF_KEYS -> 0;
    };
  }
}
