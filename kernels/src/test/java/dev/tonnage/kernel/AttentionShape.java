package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A shape of attention.
 *
 * @param queries query rows, the last of them at position {@code tokens - 1}
 * @param reach positions that a row sees
 * @param isSunk whether sinks take a share
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
    ValuePlace valuePlace,
    Reach reach,
    boolean isSunk) {

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
        ValuePlace.BESIDE_KEYS,
        Reach.EVERYTHING,
        false);
  }

  /** Of latent attention. */
  static AttentionShape latent(
      int tokens, int queries, int group, DType type, int keyWidth, int valueWidth, int block) {
    return new AttentionShape(
        tokens,
        queries,
        1,
        group,
        type,
        keyWidth,
        type,
        valueWidth,
        block,
        ValuePlace.END_OF_KEYS,
        Reach.EVERYTHING,
        false);
  }

  /** The same with a window. */
  AttentionShape seeing(int positions) {
    return with(new Reach.Window(positions), isSunk);
  }

  /** The same in chunks. */
  AttentionShape inChunksOf(int positions) {
    return with(new Reach.Chunk(positions), isSunk);
  }

  /** The same with sinks. */
  AttentionShape sunk() {
    return with(reach, true);
  }

  private AttentionShape with(Reach otherReach, boolean otherSunk) {
    return new AttentionShape(
        tokens,
        queries,
        keyHeads,
        group,
        keyType,
        keyWidth,
        valueType,
        valueWidth,
        blockTokens,
        valuePlace,
        otherReach,
        otherSunk);
  }

  /** With scores of some size, and sinks from far below to far above them. */
  AttentionRule rule(Arena arena, SplittableRandom random) {
    Optional<Rows> sinks = Optional.empty();
    if (isSunk) {
      sinks = Optional.of(Samples.rows(arena, 1, keyHeads * group, random));
      for (int head = 0; head < keyHeads * group; head++) {
        sinks.get().set(0, head, 6 * sinks.get().get(0, head));
      }
    }
    return new AttentionRule((float) (2 / Math.sqrt(keyWidth)), reach, sinks);
  }

  enum ValuePlace {
    BESIDE_KEYS,
    END_OF_KEYS
  }
}
