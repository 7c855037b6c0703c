package dev.tonnage.sample;

import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * Meister et al. 2023, "Locally Typical Sampling": the tokens stay whose surprise is nearest to the
 * entropy, as many as it takes for their probabilities to reach p. The most probable token may be
 * among those that go.
 */
final class Typical implements Stage {

  private final double p;

  /** Candidates by their places. */
  private final Ranking nearest = new Ranking();

  /**
   * @param p above 0, below 1
   */
  Typical(double p) {
    this.p = p;
  }

  @Override
  public void apply(Candidates candidates) {
    Softmax softmax = candidates.softmax();
    double entropy = entropy(candidates, softmax);
    IntToDoubleFunction distance = i -> Math.abs(softmax.surprise(candidates.logit(i)) - entropy);
    // Without all below this, which weigh half of what may go at most, it takes tokens as far as
    // this or farther: so none beyond is needed with them. Few of a large vocabulary are looked at.
    double least = (1 - p) * softmax.total() / (2.0 * candidates.size());
    take(candidates.size(), softmax, distance, i -> softmax.weight(i) >= least);
    double bound = -nearest.firstKey();
    take(candidates.size(), softmax, distance, i -> distance.applyAsDouble(i) <= bound);
    double farthest = -nearest.firstKey();
    int last = nearest.firstId();
    candidates.keepIf(i -> {
      double far = distance.applyAsDouble(i);
      return far < farthest || (far == farthest && i <= last);
    });
  }

  /** Takes the nearest, until the last one that it takes is the first of the ranking. */
  private void take(
      int size, Softmax softmax, IntToDoubleFunction distance, IntPredicate isLookedAt) {
    nearest.clear();
    for (int i = 0; i < size; i++) {
      if (isLookedAt.test(i)) {
        nearest.add(-distance.applyAsDouble(i), i);
      }
    }
    double sum = softmax.weight(nearest.firstId());
    while (sum < p * softmax.total() && nearest.size() > 1) {
      nearest.removeFirst();
      sum += softmax.weight(nearest.firstId());
    }
  }

  private static double entropy(Candidates candidates, Softmax softmax) {
    double entropy = 0;
    for (int i = 0; i < candidates.size(); i++) {
      entropy += softmax.weight(i) / softmax.total() * softmax.surprise(candidates.logit(i));
    }
    return entropy;
  }
}
