package dev.tonnage.sample;

/**
 * Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration": the nucleus stays, the
 * least set of the most probable whose probabilities together reach p.
 */
final class TopP implements Stage {

  private final double p;
  private final Ranking best = new Ranking();

  /**
   * @param p above 0, below 1
   */
  TopP(double p) {
    this.p = p;
  }

  @Override
  public void apply(Candidates candidates) {
    Softmax softmax = candidates.softmax();
    double enough = p * softmax.total();
    // All below this weigh half of what may go, at most: the nucleus is among the others. They are
    // some hundreds of a hundred thousand, and only as many are put in order as are taken.
    double least = (1 - p) * softmax.total() / (2.0 * candidates.size());
    best.clear();
    for (int i = 0; i < candidates.size(); i++) {
      if (softmax.weight(i) >= least) {
        best.add(candidates.logit(i), candidates.id(i));
      }
    }
    double sum = Math.exp(best.firstKey() - softmax.greatest());
    while (sum < enough && best.size() > 1) {
      best.removeFirst();
      sum += Math.exp(best.firstKey() - softmax.greatest());
    }
    candidates.keepDownTo(best.firstKey(), best.firstId());
  }
}
