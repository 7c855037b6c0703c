package dev.tonnage.eval;

/** Judges a model by the tokens of a text, one after the other. */
@FunctionalInterface
public interface TokenScorer {

  /**
   * A token came.
   *
   * @param chances what the model thought before, valid until this returns
   * @param token what came
   */
  void add(LogSoftmax chances, int token);
}
