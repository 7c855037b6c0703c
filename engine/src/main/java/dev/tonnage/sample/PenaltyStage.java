package dev.tonnage.sample;

/** Penalties for tokens that were there before: see {@link Penalties}. */
final class PenaltyStage implements Stage {

  private final Penalties penalties;
  private final History history;

  /** How often a token stands in the window; zero between calls. */
  private final int[] counts;

  PenaltyStage(Penalties penalties, History history, int vocabulary) {
    this.penalties = penalties;
    this.history = history;
    this.counts = new int[vocabulary];
  }

  @Override
  public void apply(Candidates candidates) {
    int window = history.window(penalties.lastN());
    for (int back = 1; back <= window; back++) {
      counts[history.fromEnd(back)]++;
    }
    for (int i = 0; i < candidates.size(); i++) {
      int count = counts[candidates.id(i)];
      if (count > 0) {
        candidates.setLogit(i, penalised(candidates.logit(i), count));
      }
    }
    for (int back = 1; back <= window; back++) {
      counts[history.fromEnd(back)] = 0;
    }
  }

  private double penalised(double logit, int count) {
    double repeated = logit > 0 ? logit / penalties.repeat() : logit * penalties.repeat();
    return repeated - penalties.presence() - count * penalties.frequency();
  }
}
