package dev.tonnage.sample;

/**
 * Tang et al. 2024, "Top-nσ: Not All Logits Are You Need": the tokens stay whose logit is at most n
 * standard deviations below the greatest. The deviation is that of all candidates' logits.
 *
 * @param n above 0
 */
record TopNSigma(double n) implements Stage {

  @Override
  public void apply(Candidates candidates) {
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += candidates.logit(i);
    }
    double mean = sum / candidates.size();
    double squares = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double distance = candidates.logit(i) - mean;
      squares += distance * distance;
    }
    double deviation = Math.sqrt(squares / candidates.size());
    candidates.keepAtLeast(candidates.greatest() - n * deviation);
  }
}
