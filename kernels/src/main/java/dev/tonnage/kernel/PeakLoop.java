package dev.tonnage.kernel;

/**
 * A level's best multiply-adds with nothing to wait for: factors in registers, more sums than one
 * has to wait for another. What this reaches, a matrix kernel of the level cannot exceed.
 */
public interface PeakLoop {

  /** Multiply-adds of numbers, not of vectors, in a round. */
  int roundMultiplyAdds();

  /**
   * Runs rounds on the calling thread.
   *
   * @return something of the sums, so that no compiler leaves them out
   */
  float run(int rounds);
}
