package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import java.util.Arrays;

/**
 * The experts of a step's tokens: n · k places, expert after expert, with the tokens' rows
 * ascending within each. E experts, k of them for each token.
 */
final class ExpertChoice {

  /** The first place of each expert, and one behind the last's: [E + 1]. */
  private final int[] begins;

  /** Of each place. */
  private final int[] rows;

  private final float[] shares;

  private ExpertChoice(int[] begins, int[] rows, float[] shares) {
    this.begins = begins;
    this.rows = rows;
    this.shares = shares;
  }

  /** The first place of an expert, which is where the one before it ends. */
  int begin(int expert) {
    return begins[expert];
  }

  /** How many tokens have chosen an expert. */
  int count(int expert) {
    return begins[expert + 1] - begins[expert];
  }

  /** The experts at some places. */
  int[] experts(int from, int to) {
    int[] experts = new int[to - from];
    int expert = 0;
    for (int place = from; place < to; place++) {
      while (begins[expert + 1] <= place) {
        expert++;
      }
      experts[place - from] = expert;
    }
    return experts;
  }

  /** The tokens' rows at some places. */
  int[] rows(int from, int to) {
    return Arrays.copyOfRange(rows, from, to);
  }

  /** What the experts at some places count. */
  float[] shares(int from, int to) {
    return Arrays.copyOfRange(shares, from, to);
  }

  /**
   * Of tokens' scores.
   *
   * @param scores [n, E]
   * @param biases [E]
   * @param used k, up to E
   */
  static ExpertChoice of(Rows scores, float[] biases, int used, Routing routing) {
    int[] chosen = new int[scores.count() * used];
    float[] shares = new float[chosen.length];
    int[] own = new int[used];
    float[] ownShares = new float[used];
    for (int row = 0; row < scores.count(); row++) {
      routing.choose(scores.toArray(row), biases, own, ownShares);
      System.arraycopy(own, 0, chosen, row * used, used);
      System.arraycopy(ownShares, 0, shares, row * used, used);
    }
    return byExpert(scores.width(), used, chosen, shares);
  }

  private static ExpertChoice byExpert(int experts, int used, int[] chosen, float[] shares) {
    int[] begins = new int[experts + 1];
    for (int expert : chosen) {
      begins[expert + 1]++;
    }
    for (int expert = 0; expert < experts; expert++) {
      begins[expert + 1] += begins[expert];
    }
    int[] next = begins.clone();
    int[] rows = new int[chosen.length];
    float[] sorted = new float[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      int place = next[chosen[i]]++;
      rows[place] = i / used;
      sorted[place] = shares[i];
    }
    return new ExpertChoice(begins, rows, sorted);
  }
}
