package dev.tonnage.sample;

/** Fan et al. 2018, "Hierarchical Neural Story Generation": the k most probable stay. */
final class TopK implements Stage {

  private final int count;

  /** The best so far, the worst of them first: logits and ids are negated. */
  private final Ranking worst = new Ranking();

  /**
   * @param count at least 1
   */
  TopK(int count) {
    this.count = count;
  }

  @Override
  public void apply(Candidates candidates) {
    if (count >= candidates.size()) {
      return;
    }
    worst.clear();
    for (int i = 0; i < candidates.size(); i++) {
      double key = -candidates.logit(i);
      if (worst.size() < count) {
        worst.add(key, ~candidates.id(i));
      } else if (key < worst.firstKey()) { // among equals the earlier stay: theirs are lower ids
        worst.replaceFirst(key, ~candidates.id(i));
      }
    }
    candidates.keepDownTo(-worst.firstKey(), ~worst.firstId());
  }
}
