package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;

/**
 * Attention of a few query rows over one key/value head, in two sweeps over the sequence's blocks:
 * scores of all keys, then softmax, then the mix of all values. Each block is decoded once for all
 * queries that see it. The order depends on positions alone, so a row's result is the same in any
 * tile.
 *
 * <p>Where keys are halves, queries are rounded to halves, and where values are, weights are: the
 * results are then those of engines that multiply halves. With any other cache they are as exact as
 * the cache.
 */
final class TwoSweepAttention implements AttentionWork {

  /** Prompt rows that share one decoding of a block, where their scores are short. */
  private static final int MOST_ROWS = 8;

  /** Scores of a tile: what a usual second-level cache keeps. */
  private static final long SCORES_BYTES = 512 << 10;

  private final Kernels kernels;
  private final CacheFormat keyFormat;
  private final CacheFormat valueFormat;
  private final Rows q;
  private final CacheSpan span;
  private final int firstPosition;
  private final AttentionRule rule;
  private final Rows out;
  private final int group;
  private final Layout layout;

  TwoSweepAttention(Kernels kernels, AttentionCall call) {
    this.kernels = kernels;
    this.q = call.q();
    this.span = call.span();
    this.keyFormat = format(span.keyType());
    this.valueFormat = format(span.valueType());
    this.firstPosition = call.firstPosition();
    this.rule = call.rule();
    this.out = call.out();
    this.group = call.group();
    this.layout =
        Layout.of(
            q.count(),
            group,
            span.keyWidth(),
            span.valueWidth(),
            span.blockTokens(),
            firstPosition + q.count());
  }

  private CacheFormat format(DType type) {
    return kernels
        .cacheFormat(type)
        .orElseThrow(() -> new IllegalArgumentException("no cache of type " + type));
  }

  /** Where the parts of a tile's scratch are, in bytes from its begin. */
  private record Layout(
      int rows, long queryRow, long mixedRow, long scoresHead, long block, long decoding) {

    static Layout of(
        int queries, int group, int keyWidth, int valueWidth, int blockTokens, int tokens) {
      // with a sink's, in whole lines, since a softmax works on whole vectors
      long scoresHead = 4L * Rows.padded(tokens + 1);
      int rows = Math.clamp(SCORES_BYTES / (scoresHead * group), 1, MOST_ROWS);
      int widest = Math.max(Rows.padded(keyWidth), Rows.padded(valueWidth));
      return new Layout(
          Math.min(rows, queries),
          4L * group * Rows.padded(keyWidth),
          4L * group * Rows.padded(valueWidth),
          scoresHead,
          4L * blockTokens * widest,
          // also where queries and weights are rounded
          (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Math.max(widest, Rows.padded(tokens)));
    }

    long scoresRow(int group) {
      return group * scoresHead;
    }

    long bytes(int group) {
      return rows * (queryRow + mixedRow + scoresRow(group)) + block + decoding;
    }
  }

  /** What a thread needs at most as scratch, in bytes. */
  static long mostScratchBytes(Demand demand) {
    Layout one =
        Layout.of(
            1,
            demand.group(),
            demand.keyWidth(),
            demand.valueWidth(),
            demand.blockTokens(),
            demand.contextTokens());
    return MOST_ROWS * (one.queryRow() + one.mixedRow())
        + Math.max(SCORES_BYTES, one.scoresRow(demand.group()))
        + one.block()
        + one.decoding();
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(q.count(), layout.rows()) * span.heads();
  }

  @Override
  public long scratchBytes() {
    return layout.bytes(group);
  }

  @Override
  public void run(int task, long scratch, long shared) {
    int first = task / span.heads() * layout.rows();
    int head = task % span.heads();
    int rows = Math.min(layout.rows(), q.count() - first);
    long queries = scratch;
    long mixed = queries + layout.rows() * layout.queryRow();
    long scores = mixed + layout.rows() * layout.mixedRow();
    long block = scores + layout.rows() * layout.scoresRow(group);
    long decoding = block + layout.block();
    for (int row = 0; row < rows; row++) {
      takeQueries(first + row, head, queries + row * layout.queryRow(), decoding);
    }
    int tokens = firstPosition + first + rows;
    int firstSeen = rule.firstSeen(firstPosition + first);
    int firstBlock = firstSeen - firstSeen % span.blockTokens();
    for (int begin = firstBlock; begin < tokens; begin += span.blockTokens()) {
      int visible = Math.min(span.blockTokens(), tokens - begin);
      for (int t = 0; t < visible; t++) {
        long to = block + 4L * t * Rows.padded(span.keyWidth());
        decodePadded(keyFormat, span.key(begin + t, head), span.keyWidth(), to, decoding);
      }
      for (int row = 0; row < rows; row++) {
        int from = hidden(first + row, begin);
        kernels.scores(
            queries + row * layout.queryRow(),
            group,
            block + 4L * from * Rows.padded(span.keyWidth()),
            Rows.padded(span.keyWidth()),
            seen(first + row, begin) - from,
            scores + row * layout.scoresRow(group) + 4L * (begin + from),
            layout.scoresHead());
      }
    }
    for (int row = 0; row < rows; row++) {
      for (int h = 0; h < group; h++) {
        long own = scores + row * layout.scoresRow(group) + h * layout.scoresHead();
        weigh(own, firstPosition + first + row, head * group + h, decoding);
      }
    }
    Memory.ALL.asSlice(mixed, rows * layout.mixedRow()).fill((byte) 0);
    for (int begin = firstBlock; begin < tokens; begin += span.blockTokens()) {
      int visible = Math.min(span.blockTokens(), tokens - begin);
      for (int t = 0; t < visible; t++) {
        long to = block + 4L * t * Rows.padded(span.valueWidth());
        decodePadded(valueFormat, span.value(begin + t, head), span.valueWidth(), to, decoding);
      }
      for (int row = 0; row < rows; row++) {
        int from = hidden(first + row, begin);
        kernels.mix(
            scores + row * layout.scoresRow(group) + 4L * (begin + from),
            layout.scoresHead(),
            group,
            block + 4L * from * Rows.padded(span.valueWidth()),
            Rows.padded(span.valueWidth()),
            seen(first + row, begin) - from,
            mixed + row * layout.mixedRow());
      }
    }
    for (int row = 0; row < rows; row++) {
      giveMixed(first + row, head, mixed + row * layout.mixedRow());
    }
  }

  /** The tokens of the block at {@code begin} that are not a row's future. */
  private int seen(int row, int begin) {
    return Math.clamp(firstPosition + row + 1L - begin, 0, span.blockTokens());
  }

  /** The first tokens of the block at {@code begin}, which are before what a row sees. */
  private int hidden(int row, int begin) {
    return Math.clamp((long) rule.firstSeen(firstPosition + row) - begin, 0, span.blockTokens());
  }

  /**
   * A head's scores become weights.
   *
   * @param scores of the tokens from position 0
   * @param position of the query, the last that it sees
   */
  private void weigh(long scores, int position, int queryHead, long decoding) {
    int firstSeen = rule.firstSeen(position);
    int begin = firstSeen - firstSeen % Rows.LINE;
    for (int t = begin; t < firstSeen; t++) {
      Memory.f32(scores + 4L * t, Float.NEGATIVE_INFINITY);
    }
    int end = position + 1;
    rule.sinks().ifPresent(sinks -> Memory.f32(scores + 4L * end, sinks.get(0, queryHead)));
    kernels.softmax(scores + 4L * begin, end - begin + (rule.sinks().isPresent() ? 1 : 0));
    round(valueFormat, scores + 4L * firstSeen, end - firstSeen, decoding);
  }

  /** Copies the queries of a row's group, rounded, scaled, and padded. */
  private void takeQueries(int row, int head, long to, long decoding) {
    int width = span.keyWidth();
    long from = q.data().address() + 4L * ((long) row * q.stride() + (long) head * group * width);
    for (int h = 0; h < group; h++) {
      long query = to + 4L * h * Rows.padded(width);
      Memory.copy(from + 4L * h * width, query, 4L * width);
      round(keyFormat, query, width, decoding);
      for (int k = 0; k < Rows.padded(width); k++) {
        Memory.f32(query + 4L * k, k < width ? rule.scale() * Memory.f32(query + 4L * k) : 0);
      }
    }
  }

  private static void round(CacheFormat format, long x, int elements, long decoding) {
    if (format.roundsFactors()) {
      format.encode(x, elements, decoding);
      format.decode(decoding, elements, x, 0);
    }
  }

  private static void decodePadded(
      BlockFormat format, long blocks, int width, long out, long scratch) {
    format.decode(blocks, width, out, scratch);
    for (int k = width; k < Rows.padded(width); k++) {
      Memory.f32(out + 4L * k, 0);
    }
  }

  private void giveMixed(int row, int head, long mixed) {
    int width = span.valueWidth();
    long to = out.data().address() + 4L * ((long) row * out.stride() + (long) head * group * width);
    for (int h = 0; h < group; h++) {
      Memory.copy(mixed + 4L * h * Rows.padded(width), to + 4L * h * width, 4L * width);
    }
  }
}
