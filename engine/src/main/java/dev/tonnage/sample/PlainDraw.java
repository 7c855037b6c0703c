package dev.tonnage.sample;

import java.util.SplittableRandom;

/**
 * Draws each candidate as often as it is probable.
 *
 * @param random the sequence's
 */
record PlainDraw(SplittableRandom random) implements Draw {

  @Override
  public int draw(Candidates candidates) {
    return candidates.id(candidates.softmax().draw(random));
  }
}
