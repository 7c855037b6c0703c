package dev.tonnage.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A machine as its maker says, with one size of memory.
 *
 * @param name to ask for it
 * @param title for people
 * @param graphics what other engines compute with, beside its cores
 * @param cores of the processor; 0 for a card that is no machine alone
 * @param memoryBytes all; of a card its own
 * @param gpuLimit in 2^30 bytes, what a graphics processor may use of it, where somebody told
 * @param numbers what is known of it
 * @param sold where the size was read, and when
 */
public record CataloguedMachine(
    String name,
    String title,
    Graphics graphics,
    int cores,
    long memoryBytes,
    Optional<Fact> gpuLimit,
    Map<Quantity, Fact> numbers,
    String sold) {

  /** What a graphics processor is programmed with. */
  public enum Graphics {
    @JsonProperty("metal")
    METAL,
    @JsonProperty("cuda")
    CUDA,
    @JsonProperty("vulkan")
    VULKAN,
    @JsonProperty("none")
    NONE
  }

  /** What is known of a machine. */
  public enum Quantity {
    /** What memory gives at most, in 10^9 bytes a second. */
    @JsonProperty("bandwidthGbPerS")
    BANDWIDTH_GB_PER_S,
    /** What a graphics processor computes in single precision, in 10^12 operations a second. */
    @JsonProperty("gpuTflops")
    GPU_TFLOPS,
    /** What the cores compute in single precision at their base clock. */
    @JsonProperty("cpuTflops")
    CPU_TFLOPS,
    /** What the machine drew when a model ran, measured. */
    @JsonProperty("watts")
    WATTS;

    /** For people. */
    public String label() {
      return switch (this) {
        case BANDWIDTH_GB_PER_S -> "bandwidth";
        case GPU_TFLOPS -> "graphics' arithmetic";
        case CPU_TFLOPS -> "cores' arithmetic";
        case WATTS -> "watts";
      };
    }
  }

  /** What a system with nothing else to do is assumed to use. */
  private static final long SYSTEM_BYTES = 4L << 30;

  /** What a card's driver is assumed to keep. */
  private static final long DRIVER_BYTES = 1L << 30;

  /** What macOS lets a graphics processor use at least, where no limit is known. */
  private static final double METAL_SHARE = 0.75;

  /** Who can run models on it; this program first, if it can. */
  public List<Engine> engines() {
    List<Engine> engines = new ArrayList<>();
    if (cores > 0) {
      engines.add(Engine.TONNAGE);
    }
    engines.addAll(
        switch (graphics) {
          case METAL -> List.of(Engine.LLAMA_CPP_METAL, Engine.MLX_METAL);
          case CUDA -> List.of(Engine.LLAMA_CPP_CUDA);
          case VULKAN -> List.of(Engine.LLAMA_CPP_VULKAN);
          case NONE -> List.of(Engine.LLAMA_CPP_CORES);
        });
    return engines;
  }

  /** What memory gives at most, in bytes a second. */
  public double bandwidthBytesPerSecond() {
    return numbers.get(Quantity.BANDWIDTH_GB_PER_S).value() * 1e9;
  }

  /** What it draws under load, in watts, where somebody measured. */
  public Optional<Fact> watts() {
    return Optional.ofNullable(numbers.get(Quantity.WATTS));
  }

  /** What an engine may use of its memory. */
  public Budget budget(Engine engine) {
    if (engine.isOnCores()) {
      return less(SYSTEM_BYTES, "the system");
    }
    if (gpuLimit.isPresent()) {
      return new Budget(
          Math.round(gpuLimit.get().value() * (1L << 30)),
          "what its graphics processor may use: " + gpuLimit.get().origin());
    }
    if (graphics == Graphics.METAL) {
      return new Budget(
          Math.round(METAL_SHARE * memoryBytes),
          "75% of memory, which macOS lets a graphics processor use at least");
    }
    return cores == 0 ? less(DRIVER_BYTES, "its driver") : less(SYSTEM_BYTES, "the system");
  }

  private Budget less(long bytes, String whom) {
    return new Budget(
        Math.max(0, memoryBytes - bytes),
        "all memory but " + MemoryPlan.gib(bytes) + ", which " + whom + " is assumed to use");
  }

  /** What computes for an engine, at most; empty where nobody told. */
  OptionalDouble multiplyAddsPerSecond(Engine engine) {
    Fact tflops = numbers.get(engine.isOnCores() ? Quantity.CPU_TFLOPS : Quantity.GPU_TFLOPS);
    return tflops == null ? OptionalDouble.empty() : OptionalDouble.of(tflops.value() * 1e12 / 2);
  }

  /**
   * How fast an engine does a model's work. Of this program only a calibration knows, and of memory
   * that is far from what was measured nobody.
   */
  public Optional<Speed> speed(Engine engine, Workload work) {
    if (engine == Engine.TONNAGE || !SpeedConstants.holdFor(bandwidthBytesPerSecond())) {
      return Optional.empty();
    }
    return Optional.of(
        FittedSpeed.of(
            work,
            engine,
            bandwidthBytesPerSecond(),
            multiplyAddsPerSecond(engine),
            engine.isOnCores() ? cores : 1));
  }

  /** The same with what its owner lets a graphics processor use. */
  public CataloguedMachine withGpuLimit(double gibibytes) {
    return new CataloguedMachine(
        name,
        title,
        graphics,
        cores,
        memoryBytes,
        Optional.of(new Fact(gibibytes, "its owner", "now")),
        numbers,
        sold);
  }
}
