package dev.tonnage.plan;

import dev.tonnage.error.BadRequest;
import dev.tonnage.tensor.DType;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a model is opened.
 *
 * @param contextTokens tokens a session may hold; where empty, what the model was trained for, but
 *     at most {@link #DEFAULT_CONTEXT_TOKENS}
 * @param threads members of the compute team, from 1 to 1024
 * @param keyType how keys are cached
 * @param valueType how values are cached
 * @param streams sequences that are planned for at once: each may fill its context, and each may
 *     have a token in a step; from 1 to 1024
 */
public record LoadSettings(
    OptionalInt contextTokens, int threads, DType keyType, DType valueType, int streams) {

  /** More than the cores of any machine that computes well as one. */
  private static final int MOST_THREADS = 1024;

  /** More than decoding them together still helps. */
  private static final int MOST_STREAMS = 1024;

  /** What keys and values may be cached as, the most exact first. */
  public static final List<DType> CACHE_TYPES =
      List.of(DType.F32, DType.F16, DType.Q8_0, DType.Q4_0);

  /** A context that is long enough for a talk and whose cache is small beside the weights. */
  public static final int DEFAULT_CONTEXT_TOKENS = 4096;

  /**
   * @throws BadRequest if that number of threads or streams makes no sense, or a cache cannot have
   *     such a type
   */
  public LoadSettings {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new BadRequest(
          "threads",
          "a number from 1 to " + MOST_THREADS,
          threads + "",
          "leave it out for all cores");
    }
    requireCacheType("keys", keyType);
    requireCacheType("values", valueType);
    if (streams < 1 || streams > MOST_STREAMS) {
      throw new BadRequest(
          "streams", "a number from 1 to " + MOST_STREAMS, streams + "", "plan for fewer");
    }
  }

  private static void requireCacheType(String what, DType type) {
    if (!CACHE_TYPES.contains(type)) {
      throw new BadRequest("cache of " + what, "one of " + CACHE_TYPES, type + "", "correct it");
    }
  }

  /** All cores, the default context, half-precision keys and values, one stream. */
  public static LoadSettings defaults() {
    return new LoadSettings(
        OptionalInt.empty(),
        Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS),
        DType.F16,
        DType.F16,
        1);
  }

  /** The same with another context. */
  public LoadSettings withContext(int tokens) {
    return new LoadSettings(OptionalInt.of(tokens), threads, keyType, valueType, streams);
  }

  /** The same with another number of threads. */
  public LoadSettings withThreads(int members) {
    return new LoadSettings(contextTokens, members, keyType, valueType, streams);
  }

  /** The same with another cache. */
  public LoadSettings withCache(DType keys, DType values) {
    return new LoadSettings(contextTokens, threads, keys, values, streams);
  }

  /** The same for another number of sequences at once. */
  public LoadSettings withStreams(int sequences) {
    return new LoadSettings(contextTokens, threads, keyType, valueType, sequences);
  }
}
