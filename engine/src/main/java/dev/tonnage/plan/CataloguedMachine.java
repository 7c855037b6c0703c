package dev.tonnage.plan;

import dev.tonnage.os.Machine;

/**
 * A machine as its maker says, with one size of memory.
 *
 * @param name to ask for it
 * @param title for people
 * @param bandwidthBytesPerSecond what memory gives at most
 * @param memoryBytes all
 * @param gpuLimitBytes what a graphics processor may use of it; 0 where nobody told
 * @param source where the numbers were read, and when
 */
public record CataloguedMachine(
    String name,
    String title,
    long bandwidthBytesPerSecond,
    long memoryBytes,
    long gpuLimitBytes,
    String source) {

  /** What a system with nothing else to do is assumed to use. */
  private static final long SYSTEM_BYTES = 4L << 30;

  /** As a plan for this program, which computes on the processor's cores, wants it. */
  Machine forCores() {
    return new Machine(title, "unknown", 1, memoryBytes, memoryBytes - SYSTEM_BYTES);
  }
}
