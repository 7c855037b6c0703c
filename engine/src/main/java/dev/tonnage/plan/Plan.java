package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.os.Machine;
import java.util.OptionalLong;

/**
 * What a model takes on a machine in a setting, and how fast it can be at most: arithmetic alone.
 *
 * @param capacity what is planned for
 * @param memory what that takes, and what the machine gives
 * @param tokenBytes weights, keys and values that a generated token reads behind a full context
 * @param bandwidthBytesPerSecond what the machine's memory gives at most; empty where unknown
 */
public record Plan(
    Capacity capacity, MemoryPlan memory, long tokenBytes, OptionalLong bandwidthBytesPerSecond) {

  /**
   * Of a machine of the catalogue, whose cores compute.
   *
   * @param kernels whose scratch is counted
   * @throws dev.tonnage.error.TonnageException for a model that cannot be run, or a context that it
   *     cannot have
   */
  public static Plan of(
      ModelHeader header, LoadSettings settings, CataloguedMachine machine, Kernels kernels) {
    return of(
        header,
        settings,
        machine.forCores(),
        OptionalLong.of(machine.bandwidthBytesPerSecond()),
        kernels);
  }

  /** Of the machine that this runs on, whose bandwidth has not been measured. */
  public static Plan ofThis(ModelHeader header, LoadSettings settings, Kernels kernels) {
    return of(header, settings, Machine.here(), OptionalLong.empty(), kernels);
  }

  private static Plan of(
      ModelHeader header,
      LoadSettings settings,
      Machine machine,
      OptionalLong bandwidth,
      Kernels kernels) {
    Dimensions dimensions = Architectures.dimensions(header);
    var capacity = new Capacity(header.name(), dimensions, settings);
    MemoryPlan memory =
        capacity.plan(header.weightBytes() - dimensions.unusedBytes(), kernels, machine);
    long seen = dimensions.seenTokens(capacity.contextTokens() - 1, 1);
    long cache = seen * capacity.layers().tokenBytes() / dimensions.layers();
    return new Plan(capacity, memory, Streamed.bytes(header, dimensions) + cache, bandwidth);
  }

  /**
   * No engine can be faster that reads every byte from this memory once for each token; real ones
   * reach some part of it.
   *
   * @return tokens a second; NaN where the bandwidth is unknown
   */
  public double mostTokensPerSecond() {
    return bandwidthBytesPerSecond.isPresent()
        ? (double) bandwidthBytesPerSecond.getAsLong() / tokenBytes
        : Double.NaN;
  }
}
