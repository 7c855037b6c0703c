package dev.tonnage.kernel;

/**
 * What a step is for. The phase, never the number of tokens, chooses the kernel, so that a result
 * does not depend on how a prompt was cut into chunks or on who else is being served.
 */
public enum Phase {
  /** Tokens that are given: many rows at a time, bound by arithmetic. */
  PROMPT,
  /** Tokens just sampled: one row a sequence, bound by reading the weights. */
  GENERATION
}
