package dev.tonnage.cache;

import java.util.List;

/** The memory that sequences have for their keys and values. */
public final class KvPool implements AutoCloseable {

  private final KvLayers layers;
  private final List<BlockPool> pools;

  /**
   * Takes nothing from the system yet.
   *
   * @param layers how layers keep keys and values
   * @param sequences how many there may be at once
   * @param contextTokens the most tokens of one
   */
  public KvPool(KvLayers layers, int sequences, int contextTokens) {
    this.layers = layers;
    this.pools =
        layers.shares().stream()
            .map(share ->
                new BlockPool(
                    share.layout(), Math.multiplyExact(sequences, share.mostBlocks(contextTokens))))
            .toList();
  }

  /** How layers keep keys and values. */
  public KvLayers layers() {
    return layers;
  }

  /** Blocks of a share. */
  BlockPool blocks(int share) {
    return pools.get(share);
  }

  /** Bytes held from the system. */
  public long bytes() {
    return pools.stream().mapToLong(BlockPool::bytes).sum();
  }

  @Override
  public void close() {
    pools.forEach(BlockPool::close);
  }
}
