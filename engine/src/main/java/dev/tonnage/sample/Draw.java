package dev.tonnage.sample;

/** What comes after the chain, for one sequence. Each draw takes one random number. */
sealed interface Draw permits MirostatDraw, PlainDraw {

  /** The id of one of the candidates. */
  int draw(Candidates candidates);
}
