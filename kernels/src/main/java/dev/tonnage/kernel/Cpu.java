package dev.tonnage.kernel;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;

/**
 * The CPU: checks every bound, splits the work over a team, hands addresses to one level's kernels.
 *
 * <p>No kernel is called but from here, and no address leaves here that a check has not covered.
 */
public final class Cpu implements Compute {

  /** Numbers of an element-wise task. */
  private static final int ELEMENTS_PER_TASK = 16 << 10;

  private final Kernels kernels;
  private final Team team;
  private final TeamScratch scratch;
  private final RowMoves moves;

  /**
   * @param kernels the level to compute with
   * @param threads members of the team, the caller included
   */
  public Cpu(Kernels kernels, int threads) {
    this.kernels = kernels;
    this.team = new Team(threads);
    this.scratch = new TeamScratch(threads);
    this.moves = new RowMoves(kernels, team);
  }

  @Override
  public String description() {
    return kernels.description() + ", " + team.members() + " threads";
  }

  @Override
  public Level level() {
    return kernels.level();
  }

  @Override
  public boolean supports(DType type) {
    return kernels.supports(type);
  }

  @Override
  public boolean supportsCache(DType type) {
    return kernels.cacheFormat(type).isPresent();
  }

  @Override
  public void gather(Tensor table, int[] ids, Rows out) {
    moves.gather(table, format(table), ids, out, scratch);
  }

  @Override
  public void multiply(List<RowProducts> all, Phase phase) {
    int width = all.getFirst().x().width();
    Map<MatrixKernel, List<RowProducts>> works = new LinkedHashMap<>();
    for (RowProducts each : all) {
      each.check();
      Bounds.check(each.x().width() == width, "multiply rows of " + width, each.x());
      Map<MatrixKernel, List<Product>> own = new LinkedHashMap<>();
      for (Product product : each.products()) {
        own.computeIfAbsent(matrix(product.w(), phase), _ -> new ArrayList<>()).add(product);
      }
      own.forEach((matrix, products) ->
          works
              .computeIfAbsent(matrix, _ -> new ArrayList<>())
              .add(new RowProducts(each.x(), products)));
    }
    works.forEach((matrix, some) -> multiply(new MatrixWork(matrix, some, team.members())));
  }

  private void multiply(MatrixWork work) {
    long[] own = scratch.own(work.scratchBytes());
    long shared = scratch.shared(work.sharedBytes());
    if (work.preparations() > 0) {
      team.run(work.preparations(), (row, member) -> work.prepare(row, own[member], shared));
    }
    team.run(work.tasks(), (task, member) -> work.run(task, own[member], shared));
  }

  @Override
  public void scale(Rows x, float factor) {
    Bounds.check(true, "scale", x);
    eachRow(
        x,
        row -> {
          long at = x.data().address() + row * 4L * x.stride();
          for (int i = 0; i < x.width(); i++) {
            Memory.f32(at + 4L * i, factor * Memory.f32(at + 4L * i));
          }
        });
  }

  @Override
  public void add(Rows x, Rows y) {
    Bounds.check(x.width() == y.width() && (y.count() == x.count() || y.count() == 1), "add", x, y);
    int padded = x.stride();
    long other = y.count() == 1 ? 0 : 4L * padded;
    eachRow(
        x,
        row ->
            kernels.add(
                x.data().address() + row * 4L * padded, y.data().address() + row * other, padded));
  }

  @Override
  public void rmsNorm(Rows x, Rows weight, float epsilon, Rows y) {
    Bounds.check(
        x.width() == y.width()
            && x.count() == y.count()
            && weight.width() == x.width()
            && weight.count() == 1,
        "rmsNorm",
        x,
        weight,
        y);
    long bytes = 4L * x.stride();
    eachRow(
        x,
        row ->
            kernels.rmsNorm(
                x.data().address() + row * bytes,
                weight.data().address(),
                epsilon,
                x.width(),
                x.stride(),
                y.data().address() + row * bytes));
  }

  @Override
  public void rmsNormHeads(Rows x, int heads, Rows weight, float epsilon) {
    int width = weight.width();
    Bounds.check(
        heads > 0 && x.width() == heads * width && weight.count() == 1,
        "rmsNormHeads of " + heads + " heads",
        x,
        weight);
    int padded = weight.stride();
    long[] own = scratch.own(4L * padded);
    long weights = weight.data().address();
    team.run(
        x.count(),
        (row, member) -> {
          long at = x.data().address() + row * 4L * x.stride();
          for (int head = 0; head < heads; head++, at += 4L * width) {
            if (padded == width) {
              kernels.rmsNorm(at, weights, epsilon, width, padded, at);
            } else { // a line would reach into the next head
              Memory.zero(own[member], 4L * padded);
              Memory.copy(at, own[member], 4L * width);
              kernels.rmsNorm(own[member], weights, epsilon, width, padded, own[member]);
              Memory.copy(own[member], at, 4L * width);
            }
          }
        });
  }

  @Override
  public void layerNorm(Rows x, int heads, Rows weight, float epsilon) {
    int width = weight.width();
    Bounds.check(
        heads > 0
            && x.width() == (long) heads * width
            && (weight.count() == 1 || weight.count() == heads),
        "layerNorm of " + heads + " heads",
        x,
        weight);
    eachRow(x, row -> LayerNorms.apply(x, row, heads, weight, epsilon));
  }

  @Override
  public void pick(Rows x, int[] rows, Rows out) {
    moves.pick(x, rows, out);
  }

  @Override
  public void addAt(Rows x, int[] rows, float[] factors, Rows y) {
    moves.addAt(x, rows, factors, y);
  }

  @Override
  public void copy(List<ColumnCopy> copies) {
    moves.copy(copies);
  }

  @Override
  public void split(Rows pairs, Rows firsts, Rows seconds) {
    moves.split(pairs, firsts, seconds);
  }

  @Override
  public void addFrom(Rows x, Tensor table, int[] rows) {
    moves.addFrom(x, table, format(table), rows, scratch);
  }

  @Override
  public void swiGlu(Rows gate, Rows up) {
    gate("swiGlu", gate, up, kernels::swiGlu);
  }

  @Override
  public void clampedSwiGlu(Rows gate, Rows up) {
    gate("clampedSwiGlu", gate, up, kernels::clampedSwiGlu);
  }

  private void gate(String name, Rows gate, Rows up, GateKernel kernel) {
    Bounds.check(gate.width() == up.width() && gate.count() == up.count(), name, gate, up);
    long bytes = 4L * gate.stride();
    eachRow(
        gate,
        row ->
            kernel.run(
                gate.data().address() + row * bytes,
                up.data().address() + row * bytes,
                gate.stride()));
  }

  private interface GateKernel {
    void run(long gate, long up, int padded);
  }

  @Override
  public void rotate(Rows x, int heads, Rows turns, Pairing pairing) {
    Bounds.check(heads > 0, "rotate " + heads + " heads", x, turns);
    int headWidth = x.width() / heads;
    int pairs = turns.width() / 2;
    Bounds.check(
        headWidth * heads == x.width() && turns.count() == x.count() && 2 * pairs <= headWidth,
        "rotate " + heads + " heads",
        x,
        turns);
    eachRow(
        x,
        row -> {
          long at = x.data().address() + row * 4L * x.stride();
          long angles = turns.data().address() + row * 4L * turns.stride();
          for (int head = 0; head < heads; head++) {
            kernels.rotate(at + 4L * head * headWidth, angles, pairs, pairing);
          }
        });
  }

  @Override
  public void store(Rows keys, Rows values, CacheSpan span, int firstPosition) {
    Bounds.check(
        keys.width() == (long) span.heads() * span.keyWidth()
            && values.width() == (long) span.heads() * span.valueWidth()
            && keys.count() == values.count()
            && !span.valuesEndKeys(),
        "store",
        keys,
        values);
    Bounds.check(span, firstPosition, (long) firstPosition + keys.count());
    var key = new Encoding(keys, cacheFormat(span.keyType()), span.keyWidth(), span::key);
    var value = new Encoding(values, cacheFormat(span.valueType()), span.valueWidth(), span::value);
    eachRow(
        keys,
        row -> {
          key.run(row, span.heads(), firstPosition + row);
          value.run(row, span.heads(), firstPosition + row);
        });
  }

  @Override
  public void store(Rows keys, CacheSpan span, int firstPosition) {
    Bounds.check(
        keys.width() == (long) span.heads() * span.keyWidth() && span.valuesEndKeys(),
        "store keys that end with values",
        keys);
    Bounds.check(span, firstPosition, (long) firstPosition + keys.count());
    var key = new Encoding(keys, cacheFormat(span.keyType()), span.keyWidth(), span::key);
    eachRow(keys, row -> key.run(row, span.heads(), firstPosition + row));
  }

  @Override
  public void attend(Rows q, CacheSpan span, int firstPosition, AttentionRule rule, Rows out) {
    int queryHeads = q.width() / span.keyWidth();
    int group = queryHeads / span.heads();
    Bounds.check(
        q.width() == group * span.heads() * span.keyWidth()
            && out.width() == queryHeads * span.valueWidth()
            && q.count() == out.count()
            && rule.sinks().map(Rows::width).orElse(queryHeads) == queryHeads,
        "attend with " + span.heads() + " key/value heads",
        q,
        out);
    int firstSeen = Math.min(firstPosition, rule.firstSeen(firstPosition));
    Bounds.check(span, firstSeen, (long) firstPosition + q.count());
    AttentionWork work =
        kernels.attention(
            new AttentionCall(q, span, firstPosition, rule, out, group), team.members());
    long[] own = scratch.own(work.scratchBytes());
    long shared = scratch.shared(work.sharedBytes());
    team.run(work.tasks(), (task, member) -> work.run(task, own[member], shared));
    if (work.lastTasks() > 0) {
      team.run(work.lastTasks(), (task, member) -> work.runLast(task, own[member], shared));
    }
  }

  @Override
  public void bringIn(List<MemorySegment> memory) {
    MemoryPieces.bringIn(memory, team);
  }

  @Override
  public long read(List<MemorySegment> memory) {
    return MemoryPieces.read(memory, team);
  }

  @Override
  public OptionalDouble peakMultiplyAdds() {
    return kernels
        .peak()
        .map(loop -> PeakRate.of(loop, team))
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  @Override
  public long scratchBytes() {
    return scratch.bytes();
  }

  @Override
  public void close() {
    team.close();
    scratch.close();
  }

  /** Scratch that threads hold at most together, in bytes. */
  public static long mostScratchBytes(Kernels kernels, int threads, Demand demand) {
    long perThread =
        Math.max(
            kernels.mostMatrixScratchBytes(demand.widest()),
            RowMoves.mostScratchBytes(demand.widest()));
    long attention = kernels.mostAttentionScratchBytes(demand);
    long activations =
        demand.inputs().stream()
            .mapToLong(each -> each.rows() * kernels.mostActivationBytes(each.columns()))
            .max()
            .orElseThrow();
    long shared = Math.max(activations, kernels.mostAttentionSharedBytes(demand, threads));
    return TeamScratch.heldBytes(threads, Math.max(perThread, attention), shared);
  }

  /** Runs something for each row, several rows a task where they are short. */
  private void eachRow(Rows rows, IntConsumer body) {
    int rowsPerTask = Math.max(1, ELEMENTS_PER_TASK / rows.stride());
    team.run(
        tasks(rows.count(), rowsPerTask),
        (task, _) -> {
          int end = Math.min(rows.count(), (task + 1) * rowsPerTask);
          for (int row = task * rowsPerTask; row < end; row++) {
            body.accept(row);
          }
        });
  }

  private static int tasks(int count, int perTask) {
    return (count + perTask - 1) / perTask;
  }

  private MatrixKernel matrix(Tensor tensor, Phase phase) {
    return kernels.matrix(tensor, phase).orElseThrow(() -> unsupported(tensor));
  }

  private BlockFormat format(Tensor tensor) {
    return kernels.format(tensor).orElseThrow(() -> unsupported(tensor));
  }

  private static UnsupportedModel unsupported(Tensor tensor) {
    return new UnsupportedModel(
        tensor.name(),
        "computing with " + tensor.type(),
        "use a file quantised to a type that has kernels");
  }

  private CacheFormat cacheFormat(DType type) {
    return kernels
        .cacheFormat(type)
        .orElseThrow(() -> new IllegalArgumentException("no cache of type " + type));
  }
}
