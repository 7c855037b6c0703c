package dev.tonnage.sample;

import java.util.SplittableRandom;

/** Excludes top choices: see {@link Xtc}. Each call takes one random number, whatever it does. */
final class XtcStage implements Stage {

  private final Xtc xtc;
  private final SplittableRandom random;

  XtcStage(Xtc xtc, SplittableRandom random) {
    this.xtc = xtc;
    this.random = random;
  }

  @Override
  public void apply(Candidates candidates) {
    if (random.nextDouble() >= xtc.probability()) {
      return;
    }
    Softmax softmax = candidates.softmax();
    double enough = xtc.threshold() * softmax.total();
    int choices = 0;
    int least = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (softmax.weight(i) >= enough) {
        // among equals the last one stays, as it would be the last of them in a sorted list
        least = choices == 0 || candidates.logit(i) <= candidates.logit(least) ? i : least;
        choices++;
      }
    }
    if (choices > 1) {
      int stays = least;
      candidates.keepIf(i -> i == stays || softmax.weight(i) < enough);
    }
  }
}
