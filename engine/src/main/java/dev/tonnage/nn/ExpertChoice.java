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

  /** The tokens' rows at some places. */
  int[] rows(int from, int to) {
    return Arrays.copyOfRange(rows, from, to);
  }

  /** What the experts at some places count. */
  float[] shares(int from, int to) {
    return Arrays.copyOfRange(shares, from, to);
  }

  /**
   * Those with the largest scores, of equal ones the first; the softmax of these scores is what
   * they count.
   *
   * @param scores [n, E]
   * @param used k, up to E
   */
  static ExpertChoice largest(Rows scores, int used) {
    int[] chosen = new int[scores.count() * used];
    float[] shares = new float[chosen.length];
    for (int row = 0; row < scores.count(); row++) {
      float[] own = scores.toArray(row);
      choose(own, row * used, used, chosen);
      share(own, row * used, used, chosen, shares);
    }
    return byExpert(scores.width(), used, chosen, shares);
  }

  private static void choose(float[] scores, int at, int used, int[] chosen) {
    for (int expert = 0; expert < scores.length; expert++) {
      int place = Math.min(expert, used);
      while (place > 0 && !(scores[chosen[at + place - 1]] >= scores[expert])) {
        place--;
      }
      if (place < used) {
        int moved = Math.min(expert, used - 1) - place;
        System.arraycopy(chosen, at + place, chosen, at + place + 1, moved);
        chosen[at + place] = expert;
      }
    }
  }

  private static void share(float[] scores, int at, int used, int[] chosen, float[] shares) {
    double most = scores[chosen[at]];
    double sum = 0;
    for (int i = at; i < at + used; i++) {
      sum += Math.exp(scores[chosen[i]] - most);
    }
    for (int i = at; i < at + used; i++) {
      shares[i] = (float) (Math.exp(scores[chosen[i]] - most) / sum);
    }
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
