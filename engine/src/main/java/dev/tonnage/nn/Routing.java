package dev.tonnage.nn;

/**
 * How experts' scores become a choice and shares (Shazeer et al. 2017; DeepSeek-AI 2024). E experts
 * in G groups of as many, k of them chosen.
 *
 * @param gate what makes probabilities of scores
 * @param selection what experts are chosen by
 * @param groups G, a divisor of E; 1 for none
 * @param usedGroups groups that are chosen first
 * @param groupMerit what groups are chosen by
 * @param shares what the chosen ones' probabilities are made to
 * @param scale what shares are multiplied with
 */
public record Routing(
    Gate gate,
    Selection selection,
    int groups,
    int usedGroups,
    GroupMerit groupMerit,
    Shares shares,
    double scale) {

  /** Where there are no groups. */
  public Routing(Gate gate, Selection selection, Shares shares, double scale) {
    this(gate, selection, 1, 1, GroupMerit.TWO_BEST, shares, scale);
  }

  /** What groups are chosen by. */
  public enum GroupMerit {
    /** The sum of their two best experts. */
    TWO_BEST,
    /** Their best expert, as DeepSeek-V2's own code has it. */
    BEST
  }

  /** What makes probabilities of scores. */
  public enum Gate {
    /** Of all experts. */
    SOFTMAX,
    /** Of each for itself. */
    SIGMOID
  }

  /** What experts are chosen by. */
  public enum Selection {
    PROBABILITIES,
    /** Probabilities and a bias of each expert, where the file has one. */
    BIASED_PROBABILITIES
  }

  /** What the chosen experts' probabilities are made to. */
  public enum Shares {
    AS_THEY_ARE,
    SUMMING_TO_ONE
  }

  /** Of most mixtures: the best experts, whose shares sum to one. */
  public static final Routing SOFTMAX =
      new Routing(Gate.SOFTMAX, Selection.PROBABILITIES, Shares.SUMMING_TO_ONE, 1);

  /** A sum of probabilities counts as at least this, the smallest normal half. */
  private static final double LEAST_SUM = 0x1p-14;

  /**
   * Chooses for one token; of equal experts, and of equal groups, the first.
   *
   * @param scores [E]
   * @param biases added to probabilities for the choice alone, [E]
   * @param chosen gets the experts, the best first, [k]
   * @param shares gets what they count, [k]
   */
  void choose(float[] scores, float[] biases, int[] chosen, float[] shares) {
    double[] probabilities = probabilities(scores);
    double[] merits = new double[scores.length];
    for (int expert = 0; expert < scores.length; expert++) {
      merits[expert] = probabilities[expert] + biases[expert];
    }
    if (groups > 1) {
      leaveGroups(merits);
    }
    best(merits, chosen);
    double sum = 1;
    if (this.shares == Shares.SUMMING_TO_ONE) {
      sum = 0;
      for (int expert : chosen) {
        sum += probabilities[expert];
      }
      sum = Math.max(sum, LEAST_SUM);
    }
    for (int i = 0; i < chosen.length; i++) {
      shares[i] = (float) (probabilities[chosen[i]] / sum * scale);
    }
  }

  private double[] probabilities(float[] scores) {
    double[] probabilities = new double[scores.length];
    double most = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (int expert = 0; expert < scores.length; expert++) {
      probabilities[expert] =
          switch (gate) {
            case SOFTMAX -> Math.exp(scores[expert] - most);
            case SIGMOID -> 1 / (1 + Math.exp(-scores[expert]));
          };
      sum += probabilities[expert];
    }
    if (gate == Gate.SOFTMAX) {
      for (int expert = 0; expert < scores.length; expert++) {
        probabilities[expert] /= sum;
      }
    }
    return probabilities;
  }

  /** Leaves the merits of the best groups' experts; all others can not be chosen any more. */
  private void leaveGroups(double[] merits) {
    int size = merits.length / groups;
    double[] sums = new double[groups];
    for (int group = 0; group < groups; group++) {
      double first = Double.NEGATIVE_INFINITY;
      double second = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        double merit = merits[group * size + i];
        second = Math.max(second, Math.min(first, merit));
        first = Math.max(first, merit);
      }
      sums[group] =
          switch (groupMerit) {
            case TWO_BEST -> first + second;
            case BEST -> first;
          };
    }
    int[] left = new int[usedGroups];
    best(sums, left);
    boolean[] stays = new boolean[groups];
    for (int group : left) {
      stays[group] = true;
    }
    for (int expert = 0; expert < merits.length; expert++) {
      if (!stays[expert / size]) {
        merits[expert] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  /** The indices of the largest numbers, largest first, of equal ones the first. */
  private static void best(double[] numbers, int[] indices) {
    int used = indices.length;
    for (int i = 0; i < numbers.length; i++) {
      int place = Math.min(i, used);
      while (place > 0 && !(numbers[indices[place - 1]] >= numbers[i])) {
        place--;
      }
      if (place < used) {
        int moved = Math.min(i, used - 1) - place;
        System.arraycopy(indices, place, indices, place + 1, moved);
        indices[place] = i;
      }
    }
  }
}
