package dev.tonnage.sample;

/**
 * Ackley et al. 1985: logits divided by the temperature; at 0, in the limit, the greatest alone
 * stays, among equals the one of the lowest id.
 *
 * @param temperature at least 0
 */
record Temperature(double temperature) implements Stage {

  @Override
  public void apply(Candidates candidates) {
    if (temperature == 0) {
      candidates.keepGreatest();
      return;
    }
    for (int i = 0; i < candidates.size(); i++) {
      candidates.setLogit(i, candidates.logit(i) / temperature);
    }
  }
}
