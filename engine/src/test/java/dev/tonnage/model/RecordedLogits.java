package dev.tonnage.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What another engine computes on a tiny model, from the resource NAME.json that
 * bench/peers/record-logits.mjs wrote: the logits of the weights as F32 over a cache of F32, which
 * are as good as exact, and how far that engine is from them when it computes on the blocks.
 *
 * @param sha256 of the model's file, in hexadecimal digits
 * @param logitDeviation root mean square distance of all logits from their position's mean, which
 *     relative errors are relative to
 * @param errors of the other engine on the stored weights; for F32 weights, with a cache of F16
 * @param probes ids spread over the vocabulary, recorded wherever they rank
 */
public record RecordedLogits(
    String model,
    String sha256,
    String engine,
    int vocabulary,
    List<Integer> prompt,
    double logitDeviation,
    Greedy greedy,
    List<ReferenceError> errors,
    List<Integer> probes,
    List<Position> positions) {

  /**
   * The ids that follow the prompt, each the likeliest.
   *
   * @param margins by how much each one's logit exceeds the next
   */
  public record Greedy(List<Integer> ids, List<Double> margins) {}

  /** The other engine's distance from the exact logits, with keys and values stored so. */
  public record ReferenceError(Cache cache, Distance recordedIds, Distance allIds) {}

  /** What keys and values are stored as. */
  public enum Cache {
    F16,
    F32
  }

  /**
   * How far logits are from the exact ones.
   *
   * @param relativeRms root mean square difference, over {@link #logitDeviation}
   * @param meanDivergence Kullback-Leibler divergence from the exact distribution in nats, mean
   *     over the positions; over the recorded ids, with all others as one outcome
   */
  public record Distance(double relativeRms, double meanDivergence) {}

  /**
   * The logits after a token of the prompt.
   *
   * @param at the token's index, from 0
   * @param logSumExp over all ids: a logit less this is a log-probability
   * @param bestIds best first
   * @param probeLogits in the order of {@link #probes}
   */
  public record Position(
      int at,
      double logSumExp,
      List<Integer> bestIds,
      List<Double> bestLogits,
      List<Double> probeLogits) {}

  /** What was recorded for a model. */
  public static RecordedLogits of(TinyLlamas tiny) {
    return of(tiny.model());
  }

  /** What was recorded for a model of this name. */
  public static RecordedLogits of(TinyLlama model) {
    String resource = model.name() + ".json";
    try (InputStream in = RecordedLogits.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError(resource + " is not recorded; see bench/peers/README.md");
      }
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .readValue(in, RecordedLogits.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other engine's error with such a cache. */
  public ReferenceError error(Cache cache) {
    for (ReferenceError error : errors) {
      if (error.cache == cache) {
        return error;
      }
    }
    throw new AssertionError(model + ": the reference with a cache of " + cache + " is exact");
  }
}
