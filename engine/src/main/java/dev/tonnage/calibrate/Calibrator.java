package dev.tonnage.calibrate;

import dev.tonnage.calibrate.SyntheticModel.Kind;
import dev.tonnage.error.DoesNotFit;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.os.CpuCache;
import dev.tonnage.os.Machine;
import dev.tonnage.os.MappedFile;
import dev.tonnage.plan.Calibration;
import dev.tonnage.plan.Calibration.AttentionRate;
import dev.tonnage.plan.Calibration.FormatRate;
import dev.tonnage.plan.Calibration.MemoryRange;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Measures what this program reaches on this machine. */
public final class Calibrator {

  private static final long LEAST_BYTES = 256L << 20;

  /** How often the last cache fits into the weights that are read. */
  private static final int CACHES = 8;

  /** Layers whose own time is measured, and positions that attention is measured with. */
  private static final int LAYERS = 32;

  private static final int CONTEXT_TOKENS = 4096;

  /** Rows of {@code FormatRates}'s matrix that caches hold. */
  private static final int CACHED_ROWS = 512;

  private static final int REPETITIONS = 5;

  /** Of memory's readings the slowest and the fastest such share is left out of its range. */
  private static final double TENTH = 0.1;

  private final Path folder;
  private final int threads;
  private final Consumer<String> progress;

  /**
   * @param folder for files of a moment, on the storage where models lie
   * @param threads that compute
   * @param progress is told what is measured
   */
  public Calibrator(Path folder, int threads, Consumer<String> progress) {
    this.folder = folder;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws DoesNotFit if memory is too little for weights that caches cannot hold
   * @throws StorageFailure if the folder cannot be written
   */
  public Calibration run() {
    Machine machine = Machine.here();
    long bytes = weightBytes(machine);
    try {
      Path own = Files.createTempDirectory(folder, "calibration");
      try {
        return run(machine, own, bytes);
      } finally {
        delete(own);
      }
    } catch (IOException e) {
      throw new StorageFailure(
          folder + ": cannot be written (" + e + "); name another folder, or make room", e);
    }
  }

  private static void delete(Path own) throws IOException {
    try (var files = Files.list(own)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(own);
  }

  private static long weightBytes(Machine machine) {
    long wanted = Math.max(LEAST_BYTES, CACHES * CpuCache.lastLevelBytes().orElse(LEAST_BYTES / 4));
    long bytes = Math.min(wanted, machine.availableBytes() / 4) & -LEAST_BYTES;
    if (bytes == 0) {
      throw new DoesNotFit(
          "calibration wants "
              + MemoryPlan.gib(4 * LEAST_BYTES)
              + " of memory, but "
              + MemoryPlan.gib(machine.availableBytes())
              + " are available; free some");
    }
    return bytes;
  }

  private Calibration run(Machine machine, Path own, long bytes) {
    progress.accept("writing " + MemoryPlan.gib(bytes));
    WeightsFile weights = WeightsFile.write(own.resolve("weights"), bytes);
    progress.accept("storage");
    OptionalDouble storage = weights.storageBytesPerSecond();
    KernelChoice choice = KernelChoice.make(bytes);
    try (MappedFile file = MappedFile.open(weights.path());
        Cpu cpu = new Cpu(choice.kernels(), threads)) {
      SortedMap<Integer, Double> read = readRates(choice.kernels(), file.bytes());
      var rates = new FormatRates(cpu, file.bytes());
      Map<DType, FormatRate> formats = formats(cpu, rates);
      double cached = rates.cachedBytesPerSecond(DType.Q8_0, CACHED_ROWS);
      AttentionRate attention = attention(own, Kind.DENSE, 8, 32);
      return new Calibration(
          machine.cpu(),
          cpu.description(),
          threads,
          LocalDate.now(ZoneOffset.UTC) + "",
          read,
          new MemoryRange(
              rates.memoryBytesPerSecond(TENTH),
              rates.memoryBytesPerSecond(0.5),
              rates.memoryBytesPerSecond(1 - TENTH)),
          formats,
          layerSeconds(own, Kind.DENSE, cached),
          layerSeconds(own, Kind.MIXTURE, cached),
          activationSeconds(own, formats.get(DType.Q8_0).promptMultiplyAddsPerSecond(), attention),
          attention,
          attention(own, Kind.LATENT, 4, 16),
          storage);
    } finally {
      choice.kernels().release();
    }
  }

  private SortedMap<Integer, Double> readRates(Kernels kernels, MemorySegment memory) {
    SortedMap<Integer, Double> rates = new TreeMap<>();
    for (int members = 1; members <= threads; members = next(members)) {
      progress.accept("memory, read by " + members + " threads");
      try (Cpu cpu = new Cpu(kernels, members)) {
        cpu.bringIn(List.of(memory));
        double seconds = Times.median(REPETITIONS, () -> cpu.read(List.of(memory)));
        rates.put(members, memory.byteSize() / seconds);
      }
    }
    return rates;
  }

  /** Twice as many, and all at last. */
  private int next(int members) {
    return members == threads ? threads + 1 : Math.min(2 * members, threads);
  }

  private Map<DType, FormatRate> formats(Cpu cpu, FormatRates rates) {
    Map<DType, FormatRates.Rate> found = new EnumMap<>(DType.class);
    for (DType type : DType.values()) {
      if (cpu.supports(type)) {
        progress.accept("weights as " + type);
        found.put(type, rates.of(type));
      }
    }
    Map<DType, FormatRate> formats = new EnumMap<>(DType.class);
    found.forEach((type, rate) ->
        formats.put(
            type,
            new FormatRate(
                rate.memoryShare() * rates.memoryBytesPerSecond(0.5),
                rate.promptMultiplyAddsPerSecond(),
                rate.expertMultiplyAddsPerSecond())));
    return formats;
  }

  private double layerSeconds(Path own, Kind kind, double cachedBytesPerSecond) {
    progress.accept("layers: " + kind);
    var model = new SyntheticModel(kind, LAYERS, 256, 4, 256, CONTEXT_TOKENS);
    try (ModelTimes times = open(own.resolve("layers-" + kind), model)) {
      return times.layerSeconds(cachedBytesPerSecond);
    }
  }

  private double activationSeconds(
      Path own, double multiplyAddsPerSecond, AttentionRate attention) {
    progress.accept("activations");
    var model = new SyntheticModel(Kind.DENSE, 4, 2048, 16, 8192, CONTEXT_TOKENS);
    try (ModelTimes times = open(own.resolve("activations"), model)) {
      return times.activationSeconds(multiplyAddsPerSecond, attention);
    }
  }

  private AttentionRate attention(Path own, Kind kind, int layers, int heads) {
    progress.accept("attention: " + kind);
    var model = new SyntheticModel(kind, layers, 1024, heads, 256, CONTEXT_TOKENS);
    try (ModelTimes times = open(own.resolve("attention-" + kind), model)) {
      return times.attention();
    }
  }

  private ModelTimes open(Path file, SyntheticModel model) {
    model.write(file);
    return ModelTimes.open(file, threads);
  }
}
