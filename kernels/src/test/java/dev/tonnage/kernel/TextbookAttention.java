package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.lang.foreign.Arena;

/**
 * Attention as it is written down: all scores, softmax, mix.
 *
 * @param rounds whether queries and weights are rounded to halves where the cache has these
 * @param q as they are multiplied
 * @param keys as the cache has them
 * @param values as the cache has them
 */
record TextbookAttention(
    AttentionShape s, AttentionRule rule, boolean rounds, Rows q, Rows keys, Rows values) {

  /** Of what is given to a cache. */
  static TextbookAttention of(
      Arena arena,
      AttentionShape s,
      AttentionRule rule,
      boolean rounds,
      Rows q,
      Rows keys,
      Rows values) {
    return new TextbookAttention(
        s,
        rule,
        rounds,
        rounds && s.keyType() == DType.F16 ? stored(arena, DType.F16, q, q.width()) : q,
        stored(arena, s.keyType(), keys, s.keyWidth()),
        stored(arena, s.valueType(), values, s.valueWidth()));
  }

  /** What is left of rows in a cache, each head's numbers for themselves. */
  private static Rows stored(Arena arena, DType type, Rows rows, int headWidth) {
    CacheFormat format = Samples.SCALAR.cacheFormat(type).orElseThrow();
    Rows stored = Samples.rows(arena, rows.count(), rows.width());
    long blocks = arena.allocate(type.bytes(headWidth)).address();
    for (int row = 0; row < rows.count(); row++) {
      for (int at = 0; at < rows.width(); at += headWidth) {
        long offset = 4L * ((long) row * rows.stride() + at);
        format.encode(rows.data().address() + offset, headWidth, blocks);
        format.decode(blocks, headWidth, stored.data().address() + offset, 0);
      }
    }
    return stored;
  }

  /** That results are these, but for what rounding explains. */
  void check(Rows out) {
    for (int row = 0; row < s.queries(); row++) {
      for (int head = 0; head < s.keyHeads() * s.group(); head++) {
        check(out, row, head);
      }
    }
  }

  private void check(Rows out, int row, int head) {
    int keyHead = head / s.group();
    int last = s.tokens() - s.queries() + row;
    int first =
        switch (s.reach()) {
          case Reach.Everything() -> 0;
          case Reach.Window(int positions) -> Math.max(0, last - positions + 1);
          case Reach.Chunk(int positions) -> last / positions * positions;
        };
    double[] weights = new double[last + 1];
    double greatest = rule.sinks().map(each -> (double) each.get(0, head)).orElse(-1e300);
    double sink = greatest;
    double largestScoreError = 0;
    for (int t = first; t <= last; t++) {
      double magnitude = 0;
      for (int k = 0; k < s.keyWidth(); k++) {
        double product =
            (double) rule.scale()
                * q.get(row, head * s.keyWidth() + k)
                * keys.get(t, keyHead * s.keyWidth() + k);
        weights[t] += product;
        magnitude += Math.abs(product);
      }
      greatest = Math.max(greatest, weights[t]);
      largestScoreError =
          Math.max(largestScoreError, Tolerance.ofSum(Rows.padded(s.keyWidth()), magnitude));
    }
    double sum = Math.exp(sink - greatest);
    for (int t = first; t <= last; t++) {
      weights[t] = Math.exp(weights[t] - greatest);
      sum += weights[t];
    }
    int visible = last + 1 - first;
    // weights and their sum: scores' errors through e^x, its own 2e-7, and a rounding a token
    double relative =
        2 * (2 * largestScoreError + 2e-7) + (2.0 * visible + 16) * Tolerance.ROUNDING;
    boolean halves = rounds && s.valueType() == DType.F16; // weights are rounded, too
    relative += halves ? 0x1p-11 : 0;
    for (int k = 0; k < s.valueWidth(); k++) {
      double expected = 0;
      double magnitude = 0;
      double largest = 0;
      for (int t = first; t <= last; t++) {
        double value = values.get(t, keyHead * s.valueWidth() + k);
        expected += weights[t] / sum * value;
        magnitude += Math.abs(weights[t] / sum * value);
        largest += Math.abs(value);
      }
      double subnormal = halves ? 0x1p-25 * largest : 0;
      assertThat((double) out.get(row, head * s.valueWidth() + k))
          .as("row %d, head %d, number %d, seed %d", row, head, k, Samples.SEED)
          .isCloseTo(expected, within(relative * magnitude + subnormal + Float.MIN_NORMAL));
    }
  }
}
