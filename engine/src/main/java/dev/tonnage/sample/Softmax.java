package dev.tonnage.sample;

/** Probabilities of candidates, up to a common factor: the most probable weighs 1. */
final class Softmax {

  private double[] weights = {};
  private double greatest;
  private double total;

  void compute(Candidates candidates) {
    if (weights.length < candidates.size()) {
      weights = new double[candidates.size()];
    }
    greatest = candidates.greatest();
    total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      weights[i] = Math.exp(candidates.logit(i) - greatest);
      total += weights[i];
    }
  }

  /** Divided by {@link #total()} it is a probability. */
  double weight(int index) {
    return weights[index];
  }

  double total() {
    return total;
  }

  /** The logit that weighs 1. */
  double greatest() {
    return greatest;
  }
}
