package dev.tonnage.cache;

import dev.tonnage.kernel.CacheSpan;
import java.util.ArrayList;
import java.util.List;

/** The keys and values of one sequence: as many blocks of the pool as its tokens need. */
public final class KvCache implements AutoCloseable {

  private final KvPool pool;

  /** Of each share of the layers. */
  private final List<Kept> kept = new ArrayList<>();

  private int tokens;

  /** An empty sequence that takes its blocks from a pool. */
  public KvCache(KvPool pool) {
    this.pool = pool;
    for (KvLayers.Share share : pool.layers().shares()) {
      kept.add(new Kept(share, pool.blocks(kept.size())));
    }
  }

  /** Tokens whose keys and values are there, or were, where no layer sees them any more. */
  public int tokens() {
    return tokens;
  }

  /** Makes room for a step's tokens; they count once {@link #advance} says so. */
  public void reserve(int more) {
    kept.forEach(each -> each.reserve(tokens, more));
  }

  /** A step has stored this many tokens in every layer. */
  public void advance(int more) {
    tokens += more;
  }

  /**
   * Forgets all but the first tokens. Where layers do not see everything, what they saw may be gone
   * by then; the first tokens have to be read again. Of the most tokens that were there the last
   * {@value KvLayers#BEHIND_TOKENS} can be forgotten without that.
   *
   * @return how many were kept: as many as wanted, or none
   */
  public int truncate(int keep) {
    if (keep < 0 || keep > tokens) {
      throw new IllegalArgumentException(keep + " of " + tokens + " tokens");
    }
    tokens = kept.stream().allMatch(each -> each.canKeep(keep)) ? keep : 0;
    kept.forEach(each -> each.truncate(tokens));
    return tokens;
  }

  /**
   * Another sequence that begins with the same tokens, in blocks of its own.
   *
   * @throws dev.tonnage.error.DoesNotFit if the pool has not that many left
   */
  public KvCache copy() {
    var copy = new KvCache(pool);
    try {
      for (int i = 0; i < kept.size(); i++) {
        copy.kept.get(i).copy(kept.get(i));
      }
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
    copy.tokens = tokens;
    return copy;
  }

  /** Where one layer's keys and values lie. */
  public CacheSpan span(int layer) {
    KvLayers.Place place = pool.layers().places().get(layer);
    Kept share = kept.get(place.share());
    KvLayout layout = share.layout();
    return new CacheSpan(
        share.table(),
        KvLayout.BLOCK_TOKENS,
        layout.heads(),
        layout.keyType(),
        layout.keyWidth(),
        layout.keyOffset(place.layer()),
        layout.valueType(),
        layout.valueWidth(),
        layout.valueOffset(place.layer()));
  }

  @Override
  public void close() {
    tokens = 0;
    kept.forEach(each -> each.truncate(0));
  }
}
