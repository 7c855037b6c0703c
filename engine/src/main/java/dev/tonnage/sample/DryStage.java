package dev.tonnage.sample;

/** Penalties for what would continue a repetition: see {@link Dry}. */
final class DryStage implements Stage {

  private final Dry dry;
  private final History history;
  private final SequenceBreakers breakers;
  private final Repetitions repetitions = new Repetitions();

  /** One more than the longest repetition that a token would continue; zero between calls. */
  private final int[] longest;

  /** Tokens in which breakers have been looked for. */
  private int seen;

  /** How many came after the last in which a breaker ended. */
  private int unbroken;

  DryStage(Dry dry, History history, SequenceBreakers breakers, int vocabulary) {
    this.dry = dry;
    this.history = history;
    this.breakers = breakers;
    this.longest = new int[vocabulary];
  }

  @Override
  public void apply(Candidates candidates) {
    int window = history.window(dry.lastN());
    int most = Math.min(window, unbroken());
    if (most < dry.allowedLength()) {
      return;
    }
    repetitions.find(history, window);
    for (int back = 1; back < window; back++) {
      int length = Math.min(repetitions.length(back), most);
      if (length >= dry.allowedLength()) {
        int next = history.fromEnd(back);
        longest[next] = Math.max(longest[next], length + 1);
      }
    }
    for (int i = 0; i < candidates.size(); i++) {
      int length = longest[candidates.id(i)] - 1;
      if (length >= 0 && !breakers.areWithin(candidates.id(i))) {
        candidates.setLogit(i, candidates.logit(i) - penalty(length));
      }
    }
    for (int back = 1; back < window; back++) {
      longest[history.fromEnd(back)] = 0;
    }
  }

  /** How many of the last tokens no breaker ends in. */
  private int unbroken() {
    for (; seen < history.length(); seen++) {
      unbroken = breakers.endIn(history.fromEnd(history.length() - seen)) ? 0 : unbroken + 1;
    }
    return unbroken;
  }

  /** Never infinite: a candidate keeps a logit that is a number, however long it was repeated. */
  private double penalty(int length) {
    double grown = Math.pow(dry.base(), length - dry.allowedLength());
    return Math.min(Float.MAX_VALUE, dry.multiplier() * grown);
  }
}
