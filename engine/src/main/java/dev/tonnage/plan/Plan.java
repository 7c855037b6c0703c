package dev.tonnage.plan;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a model takes of a machine, and what an engine makes of both.
 *
 * @param engine who runs it
 * @param capacity what is planned for
 * @param memory what that takes, and what the machine gives to this engine; scratch and the program
 *     are counted of this program alone, of others they are not known
 * @param work what tokens read and multiply
 * @param peakBytesPerSecond what the machine's memory gives at most; empty where unknown
 * @param peakMultiplyAddsPerSecond what computes, at most; empty where unknown
 * @param speed how fast it is; empty where nothing was measured
 */
public record Plan(
    Engine engine,
    Capacity capacity,
    MemoryPlan memory,
    Workload work,
    OptionalDouble peakBytesPerSecond,
    OptionalDouble peakMultiplyAddsPerSecond,
    Optional<Speed> speed) {

  /** Bytes that a step reads behind full contexts. */
  public double stepBytes() {
    return work.stepBytes(capacity.contextTokens() - 1, capacity.streams());
  }

  /**
   * No engine can be faster that reads every byte from this memory once for each step; real ones
   * reach some part of it.
   *
   * @return tokens a second of each sequence; empty where the bandwidth is unknown
   */
  public OptionalDouble mostTokensPerSecond() {
    return peakBytesPerSecond.isPresent()
        ? OptionalDouble.of(peakBytesPerSecond.getAsDouble() / stepBytes())
        : OptionalDouble.empty();
  }

  /** Tokens a second that each sequence generates behind a full context. */
  public Optional<Band> tokensPerSecond() {
    return speed.map(it -> it.tokensPerSecond(capacity.contextTokens() - 1, capacity.streams()));
  }

  /** Seconds until a prompt that fills the context has its first token. */
  public Optional<Band> promptSeconds() {
    return speed.flatMap(it -> it.promptSeconds(capacity.contextTokens()));
  }
}
