package dev.tonnage.cli;

import dev.tonnage.kernel.Phase;

/**
 * What is timed, in the words of llama-bench.
 *
 * @param phase whether tokens of a prompt are read or tokens are generated
 * @param tokens how many, of each sequence
 * @param depth tokens that each sequence holds already
 * @param streams sequences that go on together
 */
record BenchTest(Phase phase, int tokens, int depth, int streams) {

  /** {@code pp512}, {@code tg128 @ d2048}. */
  String word() {
    String kind =
        switch (phase) {
          case PROMPT -> "pp";
          case GENERATION -> "tg";
        };
    return kind + tokens + (depth == 0 ? "" : " @ d" + depth);
  }

  /** What a sequence holds in the end; {@code int}s may be as large as users like. */
  int contextTokens() {
    return Math.clamp((long) depth + tokens, 0, Integer.MAX_VALUE);
  }

  /** Of all sequences. */
  long totalTokens() {
    return (long) tokens * streams;
  }
}
