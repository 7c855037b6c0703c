package dev.tonnage.text;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Metadata;
import java.util.Arrays;

/**
 * The merges of a byte-level vocabulary: pairs of tokens to a rank, a rank to the token that the
 * pair becomes. The smallest rank is merged first.
 *
 * <p>A merge is two tokens with a space between. One that names a token which the vocabulary does
 * not have is an error, as in Hugging Face's library: no model works with such a file. The first of
 * two equal merges counts, as in llama.cpp. A merge that would spell a control token is left out,
 * so that no text can.
 */
final class MergeTable implements BestFirstMerge.Joins, SpecialRoles.Joined {

  static final String MERGES = "tokenizer.ggml.merges";

  private static final int NONE = BestFirstMerge.NONE;

  /** Open addressing: left << 32 | right, plus 1 so that 0 is free. */
  private final long[] pairs;

  /** The rank of the pair in the same slot. */
  private final int[] ranks;

  /** The token that a rank makes. */
  private final int[] merged;

  private final int shift;

  private MergeTable(int merges) {
    int bits = 2;
    while (merges > 3L << (bits - 2)) { // at most three quarters full
      bits++;
    }
    pairs = new long[1 << bits];
    ranks = new int[1 << bits];
    merged = new int[merges];
    Arrays.fill(merged, NONE);
    shift = 64 - bits;
  }

  /**
   * Reads {@code tokenizer.ggml.merges}.
   *
   * @throws BadFile for a merge that is no pair or names an unknown token
   */
  static MergeTable of(Metadata metadata, Vocabulary vocabulary) {
    byte[][] merges = metadata.array(MERGES).utf8();
    MergeTable table = new MergeTable(merges.length);
    for (int rank = 0; rank < merges.length; rank++) {
      byte[] merge = merges[rank];
      int to = merge.length;
      int space = 1;
      while (space < to && merge[space] != ' ') {
        space++;
      }
      if (space + 1 >= to) {
        throw bad(metadata, rank, "two tokens with a space between", "no such pair");
      }
      long leftHash = Vocabulary.hash(merge, 0, space);
      long rightHash = Vocabulary.hash(merge, space + 1, to);
      int left = vocabulary.find(leftHash, merge, 0, space, space, space);
      int right = vocabulary.find(rightHash, merge, space + 1, to, to, to);
      long hash = vocabulary.hashOfBoth(leftHash, rightHash, to - space - 1);
      int joined = vocabulary.find(hash, merge, 0, space, space + 1, to);
      if (left == Vocabulary.NONE || right == Vocabulary.NONE || joined == Vocabulary.NONE) {
        throw bad(
            metadata,
            rank,
            "two tokens of the vocabulary that are a third together",
            left == Vocabulary.NONE
                ? "an unknown left one"
                : right == Vocabulary.NONE ? "an unknown right one" : "no such third");
      }
      if (vocabulary.isSpelled(joined)) {
        table.enter(left, right, rank, joined);
      }
    }
    return table;
  }

  private static BadFile bad(Metadata metadata, int rank, String expected, String found) {
    return new BadFile(
        metadata.where() + ": " + MERGES + "[" + rank + "]",
        expected,
        found,
        "convert the model again");
  }

  private void enter(int left, int right, int rank, int result) {
    long pair = (((long) left << 32) | right) + 1;
    int slot = slot(pair);
    for (; pairs[slot] != 0; slot = (slot + 1) & (pairs.length - 1)) {
      if (pairs[slot] == pair) {
        return;
      }
    }
    pairs[slot] = pair;
    ranks[slot] = rank;
    merged[rank] = result;
  }

  @Override
  public boolean makes(int token) {
    for (int made : merged) {
      if (made == token) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int join(BestFirstMerge symbols, int left, int right) {
    long pair = (((long) symbols.token(left) << 32) | symbols.token(right)) + 1;
    for (int slot = slot(pair); pairs[slot] != 0; slot = (slot + 1) & (pairs.length - 1)) {
      if (pairs[slot] == pair) {
        return ranks[slot];
      }
    }
    return NONE;
  }

  @Override
  public int priority(int rank) {
    return rank;
  }

  @Override
  public int result(int rank) {
    return merged[rank];
  }

  private int slot(long pair) {
    return (int) ((pair * 0x9e3779b97f4a7c15L) >>> shift);
  }
}
