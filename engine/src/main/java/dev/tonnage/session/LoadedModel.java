package dev.tonnage.session;

import dev.tonnage.cache.KvCache;
import dev.tonnage.cache.KvLayers;
import dev.tonnage.cache.KvPool;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Compute;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Phase;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.model.Model;
import dev.tonnage.nn.Cost;
import dev.tonnage.nn.Passage;
import dev.tonnage.nn.Step;
import dev.tonnage.nn.Weights;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.Budget;
import dev.tonnage.plan.Capacity;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import dev.tonnage.tensor.Workspace;
import dev.tonnage.text.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model that was admitted by the plan and is ready to read: weights where they lie in the file, a
 * tokenizer, what computes, and the pool that sessions take their cache from.
 *
 * <p>Safe from many threads: steps take turns. Closing waits for the step that runs.
 */
public final class LoadedModel implements AutoCloseable {

  private final Checkpoint checkpoint;
  private final Dimensions dimensions;
  private final Capacity capacity;
  private final MemoryPlan plan;
  private final Tokenizer tokenizer;
  private final Kernels kernels;
  private final Compute compute;
  private final Arena arena = Arena.ofShared();
  private final Model model;
  private final KvPool pool;
  private final Workspace workspace;
  private final ReentrantLock turn = new ReentrantLock();
  private boolean closed;

  /**
   * Opens a model on this machine, with the best kernels there are.
   *
   * @param checkpoint becomes this model's own, also where opening fails
   * @throws dev.tonnage.error.TonnageException if it cannot be run here; nothing was loaded then
   */
  public static LoadedModel open(Checkpoint checkpoint, LoadSettings settings) {
    KernelChoice kernels;
    try {
      kernels = KernelChoice.make(checkpoint.weightBytes());
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
    return open(checkpoint, settings, Machine.here(), kernels);
  }

  /**
   * Opens a model on a given machine.
   *
   * @param kernels become this model's own, as the checkpoint does
   */
  public static LoadedModel open(
      Checkpoint checkpoint, LoadSettings settings, Machine machine, KernelChoice kernels) {
    try {
      return new LoadedModel(checkpoint, settings, machine, kernels.kernels());
    } catch (RuntimeException | Error e) {
      kernels.kernels().release();
      checkpoint.close();
      throw e;
    }
  }

  private LoadedModel(
      Checkpoint checkpoint, LoadSettings settings, Machine machine, Kernels kernels) {
    this.checkpoint = checkpoint;
    this.kernels = kernels;
    this.dimensions = Architectures.dimensions(checkpoint);
    this.capacity = new Capacity(checkpoint.name(), dimensions, settings);
    this.plan =
        capacity.plan(
            checkpoint.weightBytes() - dimensions.unusedBytes(), kernels, Budget.of(machine));
    plan.admit(checkpoint.name());
    this.workspace = new Workspace(capacity.activationBytes());
    this.compute = new Cpu(kernels, settings.threads());
    var reading = new TokenizerReading(checkpoint, dimensions);
    try {
      var weights = new Weights(checkpoint, compute, arena);
      this.model = Architectures.load(checkpoint, weights);
      this.pool = new KvPool(capacity.layers(), capacity.streams(), capacity.contextTokens());
      bringIn(weights, reading);
      this.tokenizer = reading.tokenizer();
    } catch (RuntimeException e) {
      reading.await();
      compute.close();
      arena.close();
      throw e;
    }
  }

  /** The model's name: its file's, without folders. */
  public String name() {
    return checkpoint.name();
  }

  /** What its shapes say. */
  public Dimensions dimensions() {
    return dimensions;
  }

  /** What it takes and what the machine gives. */
  public MemoryPlan plan() {
    return plan;
  }

  /** Tokens a session may hold. */
  public int contextTokens() {
    return capacity.contextTokens();
  }

  /** How keys and values are cached. */
  public KvLayers cacheLayers() {
    return pool.layers();
  }

  /** Text to ids and back. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** What computes, in a line for people. */
  public String computeDescription() {
    return compute.description();
  }

  /**
   * Memory taken from the system for cache and scratch so far, in bytes; the weights are the file's
   * pages.
   */
  public long takenBytes() {
    return pool.bytes() + workspace.bytes() + compute.scratchBytes();
  }

  /** Which level of kernels computes. */
  public Level level() {
    return compute.level();
  }

  /** What a token costs, from its embedding to the last layer, without attention to others. */
  public Cost tokenCost() {
    return model.tokenCost();
  }

  /** What a token's logits cost. */
  public Cost logitsCost() {
    return model.logitsCost();
  }

  /**
   * Multiply-adds a second that the threads reach with nothing else to do, measured now; empty
   * where the level has nothing to measure it with.
   */
  public OptionalDouble peakMultiplyAdds() {
    turn.lock();
    try {
      return compute.peakMultiplyAdds();
    } finally {
      turn.unlock();
    }
  }

  /** Tensors of a layer, as they lie in the file. */
  List<Tensor> layer(int index) {
    String prefix = "blk." + index + ".";
    return checkpoint.tensors().stream().filter(t -> t.name().startsWith(prefix)).toList();
  }

  /** An empty sequence. */
  public Session session() {
    return new Session(this, new KvCache(pool));
  }

  /**
   * Goes on with one sampled token in each of several sessions, in one step that reads the weights
   * once; afterwards each session's {@link Session#logits()} are those after its token. They are
   * the same bits as if each had gone on alone.
   *
   * @param continuations of sessions of this model, each of which is there once
   * @throws BadRequest if there are none or more than were planned for, a context is full, or an id
   *     is beyond the vocabulary; no session has gone on then
   */
  public void append(List<Continuation> continuations) {
    if (continuations.isEmpty() || continuations.size() > capacity.streams()) {
      throw new BadRequest(
          "sequences in a step",
          "from 1 to " + capacity.streams() + ", for which memory was planned",
          continuations.size() + "",
          "open the model for as many streams as go on together");
    }
    List<Passage> passages = new ArrayList<>();
    for (Continuation each : continuations) {
      passages.add(each.session().passage(each.token(), this));
    }
    forward(
        new Step(Phase.GENERATION, passages),
        logits -> {
          for (int row = 0; row < continuations.size(); row++) {
            continuations.get(row).session().take(logits, row);
          }
        });
  }

  /** Tokens of a step whose logits may be wanted at most. */
  int mostWanted() {
    return capacity.mostWanted();
  }

  /** What a step's logits are given to, while they are valid. */
  @FunctionalInterface
  interface LogitsReader {
    void accept(Rows logits);
  }

  /** One step, alone: steps of all sessions take turns. */
  void forward(Step step, LogitsReader reader) {
    alone(() -> {
      try (var _ = workspace.frame()) {
        for (Passage passage : step.passages()) {
          passage.cache().reserve(passage.count());
        }
        Rows logits = model.forward(step, workspace);
        // a page that went away meanwhile may have been read as something else, without an error
        checkpoint.verifyUnchanged();
        reader.accept(logits);
        for (Passage passage : step.passages()) {
          passage.cache().advance(passage.count());
        }
      }
    });
  }

  /** Reads pieces of the weights, alone, and makes nothing of them. */
  void read(List<MemorySegment> pieces) {
    alone(() -> compute.read(pieces));
  }

  /** What reads the weights, when its turn has come. */
  private void alone(Runnable reading) {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException(name() + " is closed");
      }
      checkpoint.verifyUnchanged();
      reading.run();
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      turn.unlock();
    }
  }

  /** Weights are mapped before the first token asks for them, unless there will be none. */
  private void bringIn(Weights weights, TokenizerReading reading) {
    try {
      for (Tensor tensor : weights.taken()) {
        if (reading.hasFailed()) {
          return;
        }
        compute.bringIn(tensor.memory());
      }
    } catch (InternalError e) {
      throw unreadable(e);
    }
  }

  /** Of what the JVM throws where a mapped page is no longer there. */
  private StorageFailure unreadable(InternalError thrown) {
    checkpoint.verifyUnchanged();
    return new StorageFailure(
        name()
            + ": the file could not be read ("
            + thrown.getMessage()
            + "); check the disk, and do not change a model's file while it is in use",
        thrown);
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        compute.close();
        kernels.release();
        pool.close();
        workspace.close();
        arena.close();
        checkpoint.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
