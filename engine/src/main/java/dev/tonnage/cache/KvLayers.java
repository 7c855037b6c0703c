package dev.tonnage.cache;

import dev.tonnage.kernel.Reach;
import dev.tonnage.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How a model caches keys and values: layers that see equally far lie together in blocks of their
 * own, so that blocks which they see no more can be given back, and others stay.
 *
 * @param shares the layers that lie together
 * @param places of each layer of the model
 */
public record KvLayers(List<Share> shares, List<Place> places) {

  /**
   * Positions that stay although they are beyond the reach of the next, a step's own among them: so
   * many tokens can be forgotten without all before them being read again.
   */
  static final int BEHIND_TOKENS = 1024;

  /**
   * Layers that see equally far.
   *
   * @param reach how far
   * @param layout how they lie in a block
   */
  public record Share(Reach reach, KvLayout layout) {

    /** The most blocks that a sequence has. */
    int mostBlocks(int contextTokens) {
      // the first and the last block may be there for a token
      long reached = (long) reach.most() + BEHIND_TOKENS + KvLayout.BLOCK_TOKENS;
      return KvLayout.blocks((int) Math.min(contextTokens, reached));
    }

    /** The first position that has to be there so that the one at {@code next} can be read. */
    int firstSeen(int next) {
      return reach.firstSeen(next);
    }
  }

  /**
   * Where a layer is.
   *
   * @param share which share
   * @param layer which layer of the share
   */
  public record Place(int share, int layer) {}

  /**
   * Layers by what they see.
   *
   * @param reaches of each layer
   * @param layout of so many layers
   */
  public static KvLayers of(List<Reach> reaches, IntFunction<KvLayout> layout) {
    List<Reach> distinct = reaches.stream().distinct().toList();
    var counts = new int[distinct.size()];
    List<Place> places = new ArrayList<>();
    for (Reach reach : reaches) {
      int share = distinct.indexOf(reach);
      places.add(new Place(share, counts[share]++));
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      shares.add(new Share(distinct.get(i), layout.apply(counts[i])));
    }
    return new KvLayers(List.copyOf(shares), List.copyOf(places));
  }

  /** How keys are stored. */
  public DType keyType() {
    return shares.getFirst().layout().keyType();
  }

  /** How values are stored. */
  public DType valueType() {
    return shares.getFirst().layout().valueType();
  }

  /** Bytes a token takes while all layers see it. */
  public long tokenBytes() {
    return shares.stream().mapToLong(share -> share.layout().tokenBytes()).sum();
  }

  /** Bytes a token takes for as long as the sequence lasts. */
  public long lastingTokenBytes() {
    return shares.stream()
        .filter(share -> share.reach().equals(Reach.EVERYTHING))
        .mapToLong(share -> share.layout().tokenBytes())
        .sum();
  }

  /** The most bytes that a sequence takes. */
  public long bytes(int contextTokens) {
    return shares.stream()
        .mapToLong(share -> share.mostBlocks(contextTokens) * share.layout().blockBytes())
        .sum();
  }
}
