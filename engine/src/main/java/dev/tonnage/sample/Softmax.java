package dev.tonnage.sample;

import java.util.SplittableRandom;

/** Probabilities of candidates, up to a common factor: the most probable weighs 1. */
final class Softmax {

  private double[] weights = {};
  private double greatest;
  private double total;
  private double logTotal;
  private int size;

  void compute(Candidates candidates) {
    if (weights.length < candidates.size()) {
      weights = new double[candidates.size()];
    }
    greatest = candidates.greatest();
    size = candidates.size();
    total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      weights[i] = Math.exp(candidates.logit(i) - greatest);
      total += weights[i];
    }
    logTotal = Math.log(total);
  }

  /** Divided by {@link #total()} it is a probability. */
  double weight(int index) {
    return weights[index];
  }

  double total() {
    return total;
  }

  /** Minus the logarithm of a logit's probability, in nats; also where that is 0 to a double. */
  double surprise(double logit) {
    return logTotal - (logit - greatest);
  }

  /** Draws each as often as it is probable; takes one random number. */
  int draw(SplittableRandom random) {
    double point = random.nextDouble() * total;
    double sum = 0;
    int drawn = 0;
    for (int i = 0; i < size && sum <= point; i++) {
      if (weights[i] > 0) {
        drawn = i;
        sum += weights[i];
      }
    }
    return drawn;
  }

  /** The logit that weighs 1. */
  double greatest() {
    return greatest;
  }
}
