package dev.tonnage.session;

import dev.tonnage.tensor.DType;
import java.util.OptionalInt;

/**
 * How a model is opened.
 *
 * @param contextTokens tokens a session may hold; where empty, what the model was trained for, but
 *     at most {@link #DEFAULT_CONTEXT_TOKENS}
 * @param threads members of the compute team
 * @param keyType how keys are cached
 * @param valueType how values are cached
 */
public record LoadSettings(OptionalInt contextTokens, int threads, DType keyType, DType valueType) {

  /** A context that is long enough for a talk and whose cache is small beside the weights. */
  public static final int DEFAULT_CONTEXT_TOKENS = 4096;

  /** All cores, the default context, half-precision keys and values. */
  public static LoadSettings defaults() {
    return new LoadSettings(
        OptionalInt.empty(), Runtime.getRuntime().availableProcessors(), DType.F16, DType.F16);
  }

  /** The same with another context. */
  public LoadSettings withContext(int tokens) {
    return new LoadSettings(OptionalInt.of(tokens), threads, keyType, valueType);
  }

  /** The same with another number of threads. */
  public LoadSettings withThreads(int members) {
    return new LoadSettings(contextTokens, members, keyType, valueType);
  }

  /** The same with another cache. */
  public LoadSettings withCache(DType keys, DType values) {
    return new LoadSettings(contextTokens, threads, keys, values);
  }
}
