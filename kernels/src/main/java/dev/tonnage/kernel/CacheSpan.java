package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;

/**
 * Where one layer's keys and values of one sequence lie: blocks of a pool, in the sequence's order.
 * Inside a block, a layer's keys are {@code [heads, blockTokens, keyWidth]}, its values likewise.
 * Of latent attention (DeepSeek-AI 2024) a token's values are the end of its key: they then begin
 * within the first key.
 *
 * @param blocks the sequence's blocks
 * @param blockTokens tokens in a block
 * @param heads key/value heads
 * @param keyType how keys are stored
 * @param keyWidth numbers of a key
 * @param keyOffset where this layer's keys begin in a block, in bytes
 * @param valueType how values are stored
 * @param valueWidth numbers of a value
 * @param valueOffset where this layer's values begin in a block, in bytes
 */
public record CacheSpan(
    BlockTable blocks,
    int blockTokens,
    int heads,
    DType keyType,
    int keyWidth,
    long keyOffset,
    DType valueType,
    int valueWidth,
    long valueOffset) {

  public CacheSpan {
    if (blockTokens < 1 || heads < 1 || keyWidth < 1 || valueWidth < 1) {
      throw new IllegalArgumentException(
          blockTokens + " tokens, " + heads + " heads of " + keyWidth + " and " + valueWidth);
    }
    if (keyOffset < 0 || valueOffset < 0) {
      throw new IllegalArgumentException("offsets " + keyOffset + " and " + valueOffset);
    }
    if (valuesEndKeys(keyType, keyWidth, keyOffset, valueOffset)) {
      long end = valueOffset - keyOffset + valueType.bytes(valueWidth);
      if (keyType != valueType || valueWidth > keyWidth || end != keyType.bytes(keyWidth)) {
        throw new IllegalArgumentException(
            valueWidth + " " + valueType + " at the end of " + keyWidth + " " + keyType);
      }
    }
  }

  /** Whether values are the end of keys, so that these are all that is stored. */
  public boolean valuesEndKeys() {
    return valuesEndKeys(keyType, keyWidth, keyOffset, valueOffset);
  }

  private static boolean valuesEndKeys(
      DType keyType, int keyWidth, long keyOffset, long valueOffset) {
    return valueOffset > keyOffset && valueOffset - keyOffset < keyType.bytes(keyWidth);
  }

  /** Address of a key. */
  public long key(int position, int head) {
    return at(position, head, keyOffset, keyType.bytes(keyWidth));
  }

  /** Address of a value. */
  public long value(int position, int head) {
    return at(position, head, valueOffset, valueRowBytes());
  }

  private long valueRowBytes() {
    return valuesEndKeys() ? keyType.bytes(keyWidth) : valueType.bytes(valueWidth);
  }

  private long at(int position, int head, long layerOffset, long rowBytes) {
    long row = (long) head * blockTokens + position % blockTokens;
    return blocks.block(position / blockTokens).address() + layerOffset + row * rowBytes;
  }

  /**
   * Bytes from a block's begin to the end of what this span reads or writes in it.
   *
   * @throws ArithmeticException if they exceed a {@code long}
   */
  long reachBytes() {
    long keys = end(keyOffset, keyType.bytes(keyWidth));
    return valuesEndKeys() ? keys : Math.max(keys, end(valueOffset, valueType.bytes(valueWidth)));
  }

  private long end(long layerOffset, long rowBytes) {
    return Math.addExact(layerOffset, Math.multiplyExact((long) heads * blockTokens, rowBytes));
  }
}
