package dev.tonnage.eval;

import java.util.List;

/**
 * What a model answered.
 *
 * @param logProbabilities of the letters, natural logarithms
 * @param shots examples that the prompt had room for
 */
public record MmluAnswer(List<Double> logProbabilities, int shots) {

  /** A list that nobody changes. */
  public MmluAnswer {
    logProbabilities = List.copyOf(logProbabilities);
  }

  /** The index of the likeliest letter; of several, the first. */
  public int choice() {
    int best = 0;
    for (int i = 1; i < logProbabilities.size(); i++) {
      if (logProbabilities.get(i) > logProbabilities.get(best)) {
        best = i;
      }
    }
    return best;
  }
}
