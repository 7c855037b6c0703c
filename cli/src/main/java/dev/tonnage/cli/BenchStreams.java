package dev.tonnage.cli;

import dev.tonnage.session.Continuation;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.ReadBandwidth;
import dev.tonnage.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Sequences of a model that a test's repetitions begin with, each of them time and again. */
final class BenchStreams implements AutoCloseable {

  private static final long SEED = 20_264;

  private final LoadedModel model;
  private final Optional<ReadBandwidth> memory;
  private final BooleanSupplier cancelled;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Session> sessions = new ArrayList<>();

  /**
   * @param memory what is measured between two tokens
   * @param cancelled asked between tokens, and between chunks of a prompt
   */
  BenchStreams(LoadedModel model, Optional<ReadBandwidth> memory, BooleanSupplier cancelled) {
    this.model = model;
    this.memory = memory;
    this.cancelled = cancelled;
    sessions.add(model.session());
  }

  /**
   * Makes as many sequences of as many tokens as a test begins with: those that are there already,
   * or one that is read, and copies of it.
   *
   * @return whether that was done, and not cancelled
   */
  boolean prepare(BenchTest test) {
    Session first = sessions.getFirst();
    int kept = first.truncate(Math.min(first.tokens(), test.depth()));
    if (kept < test.depth() && !read(tokens(test.depth() - kept))) {
      return false;
    }
    for (Session other : List.copyOf(sessions.subList(1, sessions.size()))) {
      boolean isWanted = sessions.size() <= test.streams() && other.tokens() >= test.depth();
      if (!isWanted || other.truncate(test.depth()) < test.depth()) {
        other.close();
        sessions.remove(other);
      }
    }
    while (sessions.size() < test.streams()) {
      sessions.add(first.fork());
    }
    return true;
  }

  /** A repetition; empty where it was cancelled. */
  Optional<BenchSample> repeat(BenchTest test) {
    if (!prepare(test)) {
      return Optional.empty();
    }
    return switch (test.phase()) {
      case PROMPT -> prompt(test);
      case GENERATION -> generation(test);
    };
  }

  private Optional<BenchSample> prompt(BenchTest test) {
    int[] prompt = tokens(test.tokens());
    long begin = System.nanoTime();
    boolean whole = read(prompt);
    long nanos = System.nanoTime() - begin;
    return whole ? Optional.of(sample(nanos, 0, 0)) : Optional.empty();
  }

  private Optional<BenchSample> generation(BenchTest test) {
    long nanos = 0;
    long memoryBytes = 0;
    long memoryNanos = 0;
    for (int i = 0; i < test.tokens(); i++) {
      if (cancelled.getAsBoolean()) {
        return Optional.empty();
      }
      List<Continuation> next =
          sessions.stream().map(session -> new Continuation(session, token())).toList();
      long begin = System.nanoTime();
      model.append(next);
      nanos += System.nanoTime() - begin;
      if (memory.isPresent()) {
        ReadBandwidth.Reading reading = memory.get().measure();
        memoryBytes += reading.bytes();
        memoryNanos += reading.nanos();
      }
    }
    return Optional.of(sample(nanos, memoryBytes, memoryNanos));
  }

  private BenchSample sample(long nanos, long memoryBytes, long memoryNanos) {
    double peak = model.peakMultiplyAdds().orElse(Double.NaN);
    return new BenchSample(nanos, memoryBytes, memoryNanos, peak);
  }

  private boolean read(int[] tokens) {
    return sessions
        .getFirst()
        .read(
            tokens,
            new Session.Progress() {
              @Override
              public void read(int done, int total) {}

              @Override
              public boolean cancelled() {
                return cancelled.getAsBoolean();
              }
            });
  }

  private int[] tokens(int count) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = token();
    }
    return tokens;
  }

  private int token() {
    return random.nextInt(model.dimensions().vocabulary());
  }

  @Override
  public void close() {
    sessions.forEach(Session::close);
  }
}
