package dev.tonnage.sample;

import java.util.SplittableRandom;

/** Draws what does not surprise too much: see {@link Mirostat}, algorithm 2. */
final class MirostatDraw implements Draw {

  private static final double BIT = Math.log(2);

  private final Mirostat mirostat;
  private final SplittableRandom random;

  /** The paper's μ, in bits: what surprises more is not drawn. */
  private double bound;

  MirostatDraw(Mirostat mirostat, SplittableRandom random) {
    this.mirostat = mirostat;
    this.random = random;
    this.bound = 2 * mirostat.targetSurprise();
  }

  @Override
  public int draw(Candidates candidates) {
    Softmax all = candidates.softmax();
    if (all.surprise(all.greatest()) > bound * BIT) {
      candidates.keepGreatest();
    } else {
      candidates.keepIf(i -> all.surprise(candidates.logit(i)) <= bound * BIT);
    }
    Softmax left = candidates.softmax();
    int drawn = left.draw(random);
    double surprise = left.surprise(candidates.logit(drawn)) / BIT;
    bound -= mirostat.learningRate() * (surprise - mirostat.targetSurprise());
    return candidates.id(drawn);
  }
}
