package dev.tonnage.cli;

import dev.tonnage.os.CpuCache;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.ReadBandwidth;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Tests of one opened model, one after the other. */
final class BenchRun implements AutoCloseable {

  /** Where the system does not say: what current processors have at least. */
  private static final long USUAL_CACHE_BYTES = 32L << 20;

  /** How often. */
  record Times(boolean warmup, int repetitions) {}

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private final LoadedModel model;
  private final Times times;
  private final BenchRow.Setting setting;
  private final Optional<ReadBandwidth> memory;
  private final BenchStreams streams;

  /**
   * @param cancelled asked between tokens
   * @param facts of the model
   * @param settings that it was opened with
   */
  BenchRun(
      Terminal terminal,
      BooleanSupplier cancelled,
      LoadedModel model,
      BenchModel facts,
      LoadSettings settings,
      Times times) {
    this.terminal = terminal;
    this.cancelled = cancelled;
    this.model = model;
    this.times = times;
    long cacheBytes = CpuCache.lastLevelBytes().orElse(USUAL_CACHE_BYTES);
    Machine machine = Machine.here();
    this.memory = ReadBandwidth.of(model, cacheBytes, machine.availableBytes());
    this.setting =
        new BenchRow.Setting(
            machine,
            facts,
            settings.threads(),
            CacheTypes.of(model),
            model.level().word(),
            model.computeDescription(),
            memory.isPresent() ? "" : tooSmall(facts, cacheBytes),
            model.peakMultiplyAdds().isPresent() ? "" : noLoop());
    this.streams = new BenchStreams(model, memory, cancelled);
  }

  private static String tooSmall(BenchModel facts, long cacheBytes) {
    return facts.name()
        + " has no two pieces of "
        + MemoryPlan.gib(ReadBandwidth.CACHES_IN_A_PIECE * cacheBytes)
        + " in its middle layers, smaller ones might come from the cache, and "
        + (facts.bytes() <= cacheBytes
            ? "so might the model"
            : "the machine has not twice as much to spare");
  }

  private String noLoop() {
    return "the level '" + model.level().word() + "' has no loop that reaches it";
  }

  /** Times a test; empty where it was interrupted before anything was measured. */
  Optional<BenchRow> run(BenchTest test) {
    say(test, "preparing");
    if (!streams.prepare(test)) {
      return Optional.empty();
    }
    if (times.warmup()) {
      say(test, "warming up");
      Optional<BenchSample> _ = streams.repeat(test);
    }
    List<BenchSample> samples = new ArrayList<>();
    Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    while (samples.size() < times.repetitions() && !cancelled.getAsBoolean()) {
      say(test, "repetition " + (samples.size() + 1) + " of " + times.repetitions());
      streams.repeat(test).ifPresent(samples::add);
    }
    terminal.clearProgress();
    return samples.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BenchRow(
                setting,
                test,
                BenchCost.of(model, test),
                List.copyOf(samples),
                times.repetitions(),
                begin));
  }

  private void say(BenchTest test, String what) {
    terminal.progress(setting.model().name() + ": " + test.word() + ": " + what);
  }

  @Override
  public void close() {
    streams.close();
    memory.ifPresent(ReadBandwidth::close);
  }
}
