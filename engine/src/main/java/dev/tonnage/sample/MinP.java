package dev.tonnage.sample;

/**
 * Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs":
 * what is at least so probable relative to the most probable stays. In logits, this needs no
 * probabilities.
 *
 * @param p above 0, up to 1
 */
record MinP(double p) implements Stage {

  @Override
  public void apply(Candidates candidates) {
    candidates.keepAtLeast(candidates.greatest() + Math.log(p));
  }
}
