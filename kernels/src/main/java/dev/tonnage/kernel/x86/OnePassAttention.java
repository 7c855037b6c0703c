package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.AttentionCall;
import dev.tonnage.kernel.AttentionRule;
import dev.tonnage.kernel.AttentionWork;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.Demand;
import dev.tonnage.kernel.Memory;
import dev.tonnage.tensor.Rows;

/**
 * Attention in one pass over the sequence's blocks: a tile of queries, of some rows and of one
 * key/value head's group or a part of it, goes through it segment by segment. What segments found
 * is merged in their order, so that a result is the same whether they were computed by one thread
 * or by several.
 */
final class OnePassAttention implements AttentionWork {

  /** Tokens of a block, which the code is written for. */
  static final int BLOCK_TOKENS = 32;

  /** Blocks of a segment. */
  private static final int SEGMENT_BLOCKS = 32;

  private static final int SEGMENT_TOKENS = SEGMENT_BLOCKS * BLOCK_TOKENS;

  /** Queries that share the unpacking of a block: then it is a small part of the work. */
  private static final int TILE_QUERIES = 96;

  /** Queries of a tile whose segments may be computed apart: what they know has to be kept. */
  private static final int SPLIT_QUERIES = 32;

  /** Queries of a part of a group at least: fewer would wait for memory. */
  private static final int PART_QUERIES = 6;

  /** Where the parts of a thread's scratch are. */
  private record Layout(int queries, int keyWidth, int valueWidth) {

    static final long WEIGHTS = Leaf.BLOCK_BYTES;
    static final long KEYS = WEIGHTS + AttendArguments.SCRATCH_BYTES;

    long keyBytes() {
      return 4L * BLOCK_TOKENS * keyWidth;
    }

    long turned() {
      return KEYS + keyBytes();
    }

    long values() {
      return turned() + keyBytes();
    }

    long queryNumbers() {
      return values() + 4L * BLOCK_TOKENS * valueWidth;
    }

    long stateBytes() {
      return AttentionState.bytes(valueWidth);
    }

    long segment() {
      return queryNumbers() + 4L * queries * keyWidth;
    }

    long total() {
      return segment() + queries * stateBytes();
    }

    long results() {
      return total() + queries * stateBytes();
    }

    long bytes() {
      return results() + 4L * queries * valueWidth;
    }
  }

  private final AttentionCode code;
  private final Rows q;
  private final CacheSpan span;
  private final int firstPosition;
  private final AttentionRule rule;
  private final Rows out;
  private final int group;

  /** Parts of a group, which are computed apart where it is large or threads are many. */
  private final int parts;

  /** Rows of a tile. */
  private final int rows;

  private final boolean split;
  private final Layout layout;

  OnePassAttention(AttentionCall call, AttentionCode code, int threads) {
    this.code = code;
    this.q = call.q();
    this.span = call.span();
    this.firstPosition = call.firstPosition();
    this.rule = call.rule();
    this.out = call.out();
    this.group = call.group();
    int others = q.count() * span.heads();
    int wanted = Math.clamp(Math.ceilDiv(threads, others), 1, Math.max(1, group / PART_QUERIES));
    this.parts = Math.max(wanted, Math.ceilDiv(group, TILE_QUERIES));
    int most = Math.ceilDiv(group, parts);
    this.rows = Math.clamp(TILE_QUERIES / most, 1, q.count());
    this.layout = new Layout(rows * most, span.keyWidth(), span.valueWidth());
    this.split =
        segments(firstPosition + q.count()) > 1
            && rows * most <= SPLIT_QUERIES
            && tiles() * slices() < 2 * threads;
  }

  /** Scratch that a thread needs at most, in bytes. */
  static long mostScratchBytes(Demand demand) {
    return new Layout(TILE_QUERIES, demand.keyWidth(), demand.valueWidth()).bytes();
  }

  /** What threads share at most, in bytes. */
  static long mostSharedBytes(Demand demand, int threads) {
    return 2L
        * threads
        * segments(demand.contextTokens())
        * SPLIT_QUERIES
        * AttentionState.bytes(demand.valueWidth());
  }

  private static int segments(int tokens) {
    return Math.ceilDiv(tokens, SEGMENT_TOKENS);
  }

  private int tiles() {
    return Math.ceilDiv(q.count(), rows);
  }

  /** Parts of all groups. */
  private int slices() {
    return span.heads() * parts;
  }

  /** A slice's first query of its group. */
  private int begin(int slice) {
    return slice % parts * group / parts;
  }

  /** Queries of a slice in a row. */
  private int width(int slice) {
    return (slice % parts + 1) * group / parts - begin(slice);
  }

  /** Where a slice's queries begin in a row, in numbers of a width. */
  private long column(int slice, int width) {
    return ((long) slice / parts * group + begin(slice)) * width;
  }

  /** Tokens that the last row of a tile sees. */
  private int tokens(int tile) {
    return firstPosition + Math.min(q.count(), (tile + 1) * rows);
  }

  /** The first position that a tile's first row sees. */
  private int firstSeen(int tile) {
    return rule.firstSeen(firstPosition + tile * rows);
  }

  private int firstSegment(int tile) {
    return firstSeen(tile) / SEGMENT_TOKENS;
  }

  private int segmentsOfLongest() {
    return segments(firstPosition + q.count());
  }

  @Override
  public int tasks() {
    return tiles() * slices() * (split ? segmentsOfLongest() : 1);
  }

  @Override
  public int lastTasks() {
    return split ? tiles() * slices() : 0;
  }

  @Override
  public long scratchBytes() {
    return layout.bytes();
  }

  @Override
  public long sharedBytes() {
    return split ? tasks() * statesBytes() : 0;
  }

  /** Of a tile's states. */
  private long statesBytes() {
    return layout.queries() * layout.stateBytes();
  }

  @Override
  public void run(int task, long scratch, long shared) {
    if (split) {
      int segment = task % segmentsOfLongest();
      int tile = task / segmentsOfLongest() / slices();
      int slice = task / segmentsOfLongest() % slices();
      if (segment >= firstSegment(tile) && segment < segments(tokens(tile))) {
        takeQueries(tile, slice, scratch);
        segment(tile, slice, segment, shared + task * statesBytes(), scratch);
      }
      return;
    }
    int tile = task / slices();
    int slice = task % slices();
    takeQueries(tile, slice, scratch);
    beginTotal(tile, slice, scratch);
    for (int segment = firstSegment(tile); segment < segments(tokens(tile)); segment++) {
      segment(tile, slice, segment, scratch + layout.segment(), scratch);
      addToTotal(scratch + layout.segment(), queries(tile, slice), scratch);
    }
    finish(tile, slice, scratch);
  }

  @Override
  public void runLast(int task, long scratch, long shared) {
    int tile = task / slices();
    int slice = task % slices();
    long states = shared + (long) task * segmentsOfLongest() * statesBytes();
    beginTotal(tile, slice, scratch);
    for (int segment = firstSegment(tile); segment < segments(tokens(tile)); segment++) {
      addToTotal(states + segment * statesBytes(), queries(tile, slice), scratch);
    }
    finish(tile, slice, scratch);
  }

  private int rowsOf(int tile) {
    return Math.min(rows, q.count() - tile * rows);
  }

  private int queries(int tile, int slice) {
    return rowsOf(tile) * width(slice);
  }

  private void takeQueries(int tile, int slice, long scratch) {
    long bytes = 4L * width(slice) * span.keyWidth();
    for (int row = 0; row < rowsOf(tile); row++) {
      long number = ((long) tile * rows + row) * q.stride() + column(slice, span.keyWidth());
      long to = scratch + layout.queryNumbers() + row * bytes;
      Memory.copy(q.data().address() + 4 * number, to, bytes);
    }
  }

  /** States that know of no token. */
  private void begin(int tile, int slice, long states) {
    int queries = queries(tile, slice);
    Memory.ALL.asSlice(states, queries * layout.stateBytes()).fill((byte) 0);
    for (int i = 0; i < queries; i++) {
      long state = states + i * layout.stateBytes();
      int position = firstPosition + tile * rows + i / width(slice);
      Memory.i32(state + AttentionState.LIMIT, position + 1);
      Memory.i32(state + AttentionState.FIRST, rule.firstSeen(position));
      Memory.f32(state + AttentionState.GREATEST, AttentionState.NO_SCORE);
    }
  }

  /**
   * A tile's states, before any segment: of sinks they know. A query to which all of a segment is
   * hidden learns nothing of it, to the bit, so that it may be in any tile.
   */
  private void beginTotal(int tile, int slice, long scratch) {
    begin(tile, slice, scratch + layout.total());
    rule.sinks()
        .ifPresent(sinks -> {
          int first = slice / parts * group + begin(slice);
          for (int i = 0; i < queries(tile, slice); i++) {
            long state = scratch + layout.total() + i * layout.stateBytes();
            float score = Math.max(AttentionState.NO_SCORE, sinks.get(0, first + i % width(slice)));
            Memory.f32(state + AttentionState.GREATEST, score);
            Memory.f32(state + AttentionState.SUMS, 1);
          }
        });
  }

  /** What a tile's queries know of a segment of tokens. */
  private void segment(int tile, int slice, int segment, long states, long scratch) {
    int head = slice / parts;
    int queries = queries(tile, slice);
    begin(tile, slice, states);
    int firstBlock = firstSeen(tile) - firstSeen(tile) % BLOCK_TOKENS;
    int first = Math.max(segment * SEGMENT_TOKENS, firstBlock);
    int end = Math.min(tokens(tile), (segment + 1) * SEGMENT_TOKENS);
    for (int begin = first; begin < end; begin += BLOCK_TOKENS) {
      unpack(head, begin, Math.min(BLOCK_TOKENS, end - begin), begin + BLOCK_TOKENS < end, scratch);
      attend(queries, begin, states, scratch);
    }
  }

  /** A block's keys and values, to floats. */
  private void unpack(int head, int begin, int tokens, boolean isAnother, long scratch) {
    long keys = span.key(begin, head);
    long next = isAnother ? span.key(begin + BLOCK_TOKENS, head) : keys;
    long values = span.value(begin, head);
    Memory.i64(scratch + CacheRows.ROWS, keys);
    Memory.i64(scratch + CacheRows.TOKENS, tokens);
    Memory.i64(scratch + CacheRows.TO, scratch + Layout.KEYS);
    Memory.i64(scratch + CacheRows.NEXT, span.valuesEndKeys() ? next : values);
    code.keys.run(0, scratch);
    Memory.i64(scratch + TurnKeys.FROM, scratch + Layout.KEYS);
    Memory.i64(scratch + TurnKeys.TO, scratch + layout.turned());
    code.turn.run(0, scratch);
    if (span.valuesEndKeys()) {
      return;
    }
    Memory.i64(scratch + CacheRows.ROWS, values);
    Memory.i64(scratch + CacheRows.TOKENS, tokens);
    Memory.i64(scratch + CacheRows.TO, scratch + layout.values());
    Memory.i64(scratch + CacheRows.NEXT, next);
    code.values.run(0, scratch);
  }

  private void attend(int queries, int begin, long states, long scratch) {
    Memory.i64(scratch + AttendArguments.KEYS, scratch + layout.turned());
    Memory.i64(scratch + AttendArguments.KEY_WIDTH, span.keyWidth());
    // the end of a key as floats, or a value of its own
    int before = span.keyWidth() - span.valueWidth();
    long values = span.valuesEndKeys() ? Layout.KEYS + 4L * before : layout.values();
    int stride = span.valuesEndKeys() ? span.keyWidth() : span.valueWidth();
    Memory.i64(scratch + AttendArguments.VALUES, scratch + values);
    Memory.i64(scratch + AttendArguments.VALUE_BYTES, 4L * span.valueWidth());
    Memory.i64(scratch + AttendArguments.VALUE_STRIDE, 4L * stride);
    Memory.i64(scratch + AttendArguments.QUERIES, scratch + layout.queryNumbers());
    Memory.i64(scratch + AttendArguments.QUERY_BYTES, 4L * span.keyWidth());
    Memory.i64(scratch + AttendArguments.STATES, states);
    Memory.i64(scratch + AttendArguments.STATE_BYTES, layout.stateBytes());
    Memory.f32(scratch + AttendArguments.SCALE, rule.scale());
    Memory.i32(scratch + AttendArguments.BEGIN, begin);
    Memory.i64(scratch + AttendArguments.SCRATCH, scratch + Layout.WEIGHTS);
    int whole = queries / code.queries;
    if (whole > 0) {
      Memory.i64(scratch + AttendArguments.GROUPS, whole);
      code.block.run(code.queries, scratch);
    }
    if (queries % code.queries > 0) { // pointers are behind the whole groups now
      Memory.i64(scratch + AttendArguments.GROUPS, 1);
      code.block.run(queries % code.queries, scratch);
    }
  }

  private void addToTotal(long others, int queries, long scratch) {
    Memory.i64(scratch + MergeAttention.STATES, scratch + layout.total());
    Memory.i64(scratch + MergeAttention.OTHERS, others);
    Memory.i64(scratch + MergeAttention.COUNT, queries);
    code.merge.run(0, scratch);
  }

  private void finish(int tile, int slice, long scratch) {
    Memory.i64(scratch + FinishAttention.STATES, scratch + layout.total());
    Memory.i64(scratch + FinishAttention.COUNT, queries(tile, slice));
    Memory.i64(scratch + FinishAttention.TO, scratch + layout.results());
    code.finish.run(0, scratch);
    long bytes = 4L * width(slice) * span.valueWidth();
    for (int row = 0; row < rowsOf(tile); row++) {
      long number = ((long) tile * rows + row) * out.stride() + column(slice, span.valueWidth());
      Memory.copy(
          scratch + layout.results() + row * bytes, out.data().address() + 4 * number, bytes);
    }
  }
}
