package dev.tonnage.cache;

import dev.tonnage.kernel.BlockTable;

/** One sequence's blocks of layers that see equally far: those that these still see. */
final class Kept {

  private final KvLayers.Share share;
  private final BlockPool pool;
  private final BlockTable table = new BlockTable();

  Kept(KvLayers.Share share, BlockPool pool) {
    this.share = share;
    this.pool = pool;
  }

  BlockTable table() {
    return table;
  }

  KvLayout layout() {
    return share.layout();
  }

  /**
   * Makes room for a step's tokens, and gives back what neither they see nor those before them that
   * may be read again.
   *
   * @param tokens that are there
   * @param more that come
   */
  void reserve(int tokens, int more) {
    int again = Math.clamp((long) tokens + more - KvLayers.BEHIND_TOKENS, 0, tokens);
    int first = Math.min(share.firstSeen(again) / KvLayout.BLOCK_TOKENS, table.size());
    while (table.first() < first) {
      pool.giveBack(table.removeFirst());
    }
    while (table.size() < KvLayout.blocks(tokens + more)) {
      table.append(pool.take());
    }
  }

  /** Whether all is there that a token behind these sees. */
  boolean canKeep(int tokens) {
    return table.first() <= share.firstSeen(tokens) / KvLayout.BLOCK_TOKENS;
  }

  /** Forgets all but the first tokens. */
  void truncate(int tokens) {
    int blocks = KvLayout.blocks(tokens);
    while (table.size() > Math.max(blocks, table.first())) {
      pool.giveBack(table.removeLast());
    }
    if (blocks < table.first()) {
      table.beginAt(0);
    }
  }

  /** Takes blocks as another has them, and copies what is in them. */
  void copy(Kept other) {
    table.beginAt(other.table.first());
    for (int i = table.first(); i < other.table.size(); i++) {
      table.append(pool.take());
      table.block(i).copyFrom(other.table.block(i));
    }
  }
}
