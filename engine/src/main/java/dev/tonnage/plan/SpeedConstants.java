package dev.tonnage.plan;

import java.util.OptionalDouble;

/**
 * What an engine makes of hardware, fitted on measurements of others (docs/planning.md). A token
 * takes the bytes that it reads over a share of the memory's bandwidth, and some time in each
 * layer.
 *
 * @param bandwidthShare of the memory's bandwidth
 * @param denseLayerSeconds beyond reading, in a layer without experts; on cores for each of them,
 *     who wait for one another
 * @param mixtureLayerSeconds the same in a layer with experts
 * @param computeShare of the hardware's multiply-adds that prompts get; empty where there was no
 *     measurement
 */
record SpeedConstants(
    double bandwidthShare,
    double denseLayerSeconds,
    double mixtureLayerSeconds,
    OptionalDouble computeShare) {

  /** Half of the slowest memory that was fitted, and twice the fastest, in bytes a second. */
  private static final double LEAST_BANDWIDTH = 60e9;

  private static final double MOST_BANDWIDTH = 2016e9;

  /** Whether memory is near enough to what was measured. */
  static boolean holdFor(double bytesPerSecond) {
    return bytesPerSecond >= LEAST_BANDWIDTH && bytesPerSecond <= MOST_BANDWIDTH;
  }

  /** As fitted. */
  static SpeedConstants of(Engine engine) {
    return switch (engine) {
      case LLAMA_CPP_METAL -> new SpeedConstants(0.821, 124e-6, 278e-6, OptionalDouble.of(0.566));
      case MLX_METAL -> new SpeedConstants(0.821, 65.5e-6, 322e-6, OptionalDouble.of(0.566));
      // of Vulkan nothing was in the measurements
      case LLAMA_CPP_CUDA, LLAMA_CPP_VULKAN ->
          new SpeedConstants(0.719, 2.56e-6, 5.74e-6, OptionalDouble.empty());
      case LLAMA_CPP_CORES -> new SpeedConstants(0.702, 6.31e-6, 6.31e-6, OptionalDouble.of(0.97));
      case TONNAGE -> throw new IllegalArgumentException("it is calibrated where it runs");
    };
  }
}
