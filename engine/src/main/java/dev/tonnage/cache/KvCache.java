package dev.tonnage.cache;

import dev.tonnage.kernel.BlockTable;
import dev.tonnage.kernel.CacheSpan;

/** The keys and values of one sequence: as many blocks of the pool as its tokens need. */
public final class KvCache implements AutoCloseable {

  private final KvPool pool;
  private final BlockTable table = new BlockTable();
  private int tokens;

  /** An empty sequence that takes its blocks from a pool. */
  public KvCache(KvPool pool) {
    this.pool = pool;
  }

  /** Tokens whose keys and values are there. */
  public int tokens() {
    return tokens;
  }

  /** Makes room for a step's tokens; they count once {@link #advance} says so. */
  public void reserve(int more) {
    while (table.size() < KvLayout.blocks(tokens + more)) {
      table.append(pool.take());
    }
  }

  /** A step has stored this many tokens in every layer. */
  public void advance(int more) {
    tokens += more;
  }

  /** Forgets all but the first tokens. */
  public void truncate(int keep) {
    if (keep < 0 || keep > tokens) {
      throw new IllegalArgumentException(keep + " of " + tokens + " tokens");
    }
    tokens = keep;
    while (table.size() > KvLayout.blocks(keep)) {
      pool.giveBack(table.removeLast());
    }
  }

  /**
   * Another sequence that begins with the same tokens, in blocks of its own.
   *
   * @throws dev.tonnage.error.DoesNotFit if the pool has not that many left
   */
  public KvCache copy() {
    var copy = new KvCache(pool);
    try {
      copy.reserve(tokens);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
    for (int i = 0; i < copy.table.size(); i++) {
      copy.table.block(i).copyFrom(table.block(i));
    }
    copy.tokens = tokens;
    return copy;
  }

  /** Where one layer's keys and values lie. */
  public CacheSpan span(int layer) {
    KvLayout layout = pool.layout();
    return new CacheSpan(
        table,
        KvLayout.BLOCK_TOKENS,
        layout.heads(),
        layout.keyType(),
        layout.keyWidth(),
        layout.keyOffset(layer),
        layout.valueType(),
        layout.valueWidth(),
        layout.valueOffset(layer));
  }

  @Override
  public void close() {
    truncate(0);
  }
}
