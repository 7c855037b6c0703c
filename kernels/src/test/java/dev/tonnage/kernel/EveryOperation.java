package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A prompt that goes through every operation of a compute, in chunks; all results, bit by bit.
 * Shapes are odd where a format lets them, and large enough for several tasks.
 */
final class EveryOperation implements AutoCloseable {

  /** Rows of the prompt. */
  static final int ROWS = 19;

  private static final int INPUTS = 512;
  private static final int OUTPUTS = 133;
  private static final int WIDTH = 2_003;
  private static final int HEADS = 5;
  private static final int HEAD_WIDTH = 22;
  private static final int KEY_HEADS = 2;
  private static final int GROUP = 3;
  private static final int VALUE_WIDTH = 13;
  private static final int BLOCK_TOKENS = 7;

  private final Arena arena = Arena.ofShared();
  private final Tensor table;
  private final List<Tensor> weights = new ArrayList<>();
  private final Rows inputs;
  private final Rows wide;
  private final Rows other;
  private final Rows norm;
  private final Rows headNorm;
  private final Rows heads;
  private final Rows turns;
  private final Rows sinks;
  private final Rows queries;
  private final Rows keys;
  private final Rows values;

  EveryOperation(long seed) {
    var random = new SplittableRandom(seed);
    table = Samples.tensor(arena, DType.Q8_0, 40, 96, random);
    for (DType type : Samples.FORMATS) {
      weights.add(Samples.tensor(arena, type, OUTPUTS, INPUTS, random));
    }
    weights.add(Samples.tensor(arena, DType.F16, OUTPUTS, 37, random));
    inputs = Samples.rows(arena, ROWS, INPUTS, random);
    wide = Samples.rows(arena, ROWS, WIDTH, random);
    other = Samples.rows(arena, ROWS, WIDTH, random);
    norm = Samples.rows(arena, 1, WIDTH, random);
    headNorm = Samples.rows(arena, 1, HEAD_WIDTH, random);
    heads = Samples.rows(arena, ROWS, HEADS * HEAD_WIDTH, random);
    turns = Samples.rows(arena, ROWS, 12, random);
    sinks = Samples.rows(arena, 1, KEY_HEADS * GROUP, random);
    queries = Samples.rows(arena, ROWS, KEY_HEADS * GROUP * HEAD_WIDTH, random);
    keys = Samples.rows(arena, ROWS, KEY_HEADS * HEAD_WIDTH, random);
    values = Samples.rows(arena, ROWS, KEY_HEADS * VALUE_WIDTH, random);
  }

  /** Everything that a compute makes of the prompt in chunks of some rows. */
  int[] run(Compute compute, int chunk) {
    try (Arena own = Arena.ofShared()) {
      var results = new ArrayList<Rows>();
      CacheSpan span = cache(own);
      for (Tensor w : weights) {
        Rows x = w.shape().columns() == INPUTS ? inputs : narrow(own, 37);
        results.add(multiply(compute, own, w, x, chunk, Phase.PROMPT));
        results.add(multiply(compute, own, w, x, chunk, Phase.GENERATION));
      }
      Rows gathered = add(results, Samples.rows(own, ROWS, 96));
      Rows normed = add(results, Samples.rows(own, ROWS, WIDTH));
      Rows sum = add(results, copy(own, wide));
      Rows gate = add(results, copy(own, wide));
      Rows clamped = add(results, copy(own, wide));
      Rows adjacent = add(results, copy(own, heads));
      Rows halves = add(results, copy(own, heads));
      Rows normedHeads = add(results, copy(own, heads));
      Rows picked = add(results, Samples.rows(own, ROWS, WIDTH));
      Rows scaled = add(results, copy(own, wide));
      Rows mixed = add(results, Samples.rows(own, ROWS, KEY_HEADS * GROUP * VALUE_WIDTH));
      Rows mixedNear = add(results, Samples.rows(own, ROWS, KEY_HEADS * GROUP * VALUE_WIDTH));
      var near = new AttentionRule(0.3f, new Reach.Window(5), Optional.of(sinks));
      for (int first = 0; first < ROWS; first += chunk) {
        int n = Math.min(chunk, ROWS - first);
        int begin = first;
        compute.gather(
            table,
            IntStream.range(0, n).map(i -> (begin + i) * 7 % 40).toArray(),
            gathered.slice(first, n));
        compute.rmsNorm(wide.slice(first, n), norm, 1e-5f, normed.slice(first, n));
        compute.add(sum.slice(first, n), other.slice(first, n));
        compute.add(sum.slice(first, n), norm);
        compute.swiGlu(gate.slice(first, n), other.slice(first, n));
        compute.clampedSwiGlu(clamped.slice(first, n), other.slice(first, n));
        compute.rotate(adjacent.slice(first, n), HEADS, turns.slice(first, n), Pairing.ADJACENT);
        compute.rotate(halves.slice(first, n), HEADS, turns.slice(first, n), Pairing.HALVES);
        compute.rmsNormHeads(normedHeads.slice(first, n), HEADS, headNorm, 1e-5f);
        int[] rows = IntStream.range(0, n).toArray();
        float[] factors = new float[n];
        Arrays.fill(factors, 0.3f);
        compute.pick(wide.slice(first, n), rows, picked.slice(first, n));
        compute.addFrom(gathered.slice(first, n), table, new int[n]);
        compute.addAt(other.slice(first, n), rows, factors, scaled.slice(first, n));
        compute.store(keys.slice(first, n), values.slice(first, n), span, first);
        compute.attend(
            queries.slice(first, n), span, first, AttentionRule.full(0.3f), mixed.slice(first, n));
        compute.attend(queries.slice(first, n), span, first, near, mixedNear.slice(first, n));
      }
      IntStream bits = IntStream.empty();
      for (int block = 0; block < span.blocks().size(); block++) {
        int[] stored = span.blocks().block(block).toArray(ValueLayout.JAVA_INT);
        bits = IntStream.concat(bits, Arrays.stream(stored));
      }
      for (Rows result : results) {
        bits = IntStream.concat(bits, Arrays.stream(Samples.bits(result)));
      }
      return bits.toArray();
    }
  }

  private static Rows multiply(
      Compute compute, Arena own, Tensor w, Rows x, int chunk, Phase phase) {
    Rows y = Samples.rows(own, ROWS, OUTPUTS);
    for (int first = 0; first < ROWS; first += chunk) {
      int n = Math.min(chunk, ROWS - first);
      compute.multiply(w, x.slice(first, n), y.slice(first, n), phase);
    }
    return y;
  }

  private Rows narrow(Arena own, int width) {
    Rows narrow = Samples.rows(own, ROWS, width);
    for (int row = 0; row < ROWS; row++) {
      narrow.setRow(row, Arrays.copyOf(inputs.toArray(row), width));
    }
    return narrow;
  }

  /** Blocks in a pool in an order of their own, keys as halves, values as floats. */
  private static CacheSpan cache(Arena own) {
    var blocks = new BlockTable();
    MemorySegment pool = own.allocate(3 * 4096, 64);
    for (long offset : new long[] {8192, 0, 4096}) {
      blocks.append(pool.asSlice(offset, 4096));
    }
    return new CacheSpan(
        blocks, BLOCK_TOKENS, KEY_HEADS, DType.F16, HEAD_WIDTH, 64, DType.F32, VALUE_WIDTH, 1024);
  }

  private static Rows add(List<Rows> results, Rows result) {
    results.add(result);
    return result;
  }

  private static Rows copy(Arena own, Rows rows) {
    Rows copy = Samples.rows(own, rows.count(), rows.width());
    copy.data().copyFrom(rows.data());
    return copy;
  }

  @Override
  public void close() {
    arena.close();
  }
}
