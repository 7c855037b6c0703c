package dev.tonnage.sample;

/** A stage of the chain, for one sequence: changes logits or drops candidates, but never all. */
sealed interface Stage
    permits DryStage, MinP, PenaltyStage, Temperature, TopK, TopNSigma, TopP, Typical, XtcStage {

  /** Does it to the candidates that the stages before have left. */
  void apply(Candidates candidates);
}
