package dev.tonnage.plan;

import dev.tonnage.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * What this program was measured to reach on a machine.
 *
 * @param cpu the processor's name as the system gives it
 * @param kernels what computed, in a line for people
 * @param threads that computed
 * @param date when, as YYYY-MM-DD
 * @param readBytesPerSecond what memory gave to so many threads that made nothing of it
 * @param memory what it gave to all threads from moment to moment
 * @param formats what was reached with weights in each format
 * @param denseLayerSeconds of a layer of generation, beyond what its weights and attention take
 * @param mixtureLayerSeconds the same of a layer with experts
 * @param activationSeconds for each number that a prompt's weights are multiplied with, beyond that
 * @param attention with keys and values of some heads
 * @param latentAttention with latents
 * @param storageBytesPerSecond what the storage of models gave; absent where it could not be read
 *     past the system's cache
 */
public record Calibration(
    String cpu,
    String kernels,
    int threads,
    String date,
    SortedMap<Integer, Double> readBytesPerSecond,
    MemoryRange memory,
    Map<DType, FormatRate> formats,
    double denseLayerSeconds,
    double mixtureLayerSeconds,
    double activationSeconds,
    AttentionRate attention,
    AttentionRate latentAttention,
    OptionalDouble storageBytesPerSecond) {

  /** Rows of a prompt that a matrix meets when its rates are measured. */
  public static final int PROMPT_ROWS = Capacity.CHUNK_TOKENS;

  /** Rows that an expert of many meets. */
  public static final int EXPERT_ROWS = 32;

  /**
   * What memory gave, in bytes a second: where others use it too, now more and now less.
   *
   * @param low less was rare
   * @param median what formats' rates are for
   * @param high more was rare
   */
  public record MemoryRange(double low, double median, double high) {}

  /**
   * What is reached with weights in a format.
   *
   * @param generationBytesPerSecond of weights, for one token
   * @param promptMultiplyAddsPerSecond with {@link #PROMPT_ROWS} rows at once
   * @param expertMultiplyAddsPerSecond with {@link #EXPERT_ROWS} rows at once
   */
  public record FormatRate(
      double generationBytesPerSecond,
      double promptMultiplyAddsPerSecond,
      double expertMultiplyAddsPerSecond) {

    /**
     * With any number of rows: between the two as their logarithms are, and beyond as at the end.
     */
    double multiplyAddsPerSecond(double rows) {
      double share = Math.log(rows / EXPERT_ROWS) / Math.log((double) PROMPT_ROWS / EXPERT_ROWS);
      double inside = Math.clamp(share, 0, 1);
      return Math.pow(promptMultiplyAddsPerSecond, inside)
          * Math.pow(expertMultiplyAddsPerSecond, 1 - inside);
    }
  }

  /**
   * What attention reaches.
   *
   * @param generationBytesPerSecond of keys and values, for one token
   * @param promptMultiplyAddsPerSecond of prompts
   */
  public record AttentionRate(
      double generationBytesPerSecond, double promptMultiplyAddsPerSecond) {}

  /**
   * Whether it says anything about this machine as it would compute now.
   *
   * @param cpuNow the processor's name
   * @param threadsNow that would compute
   */
  public boolean holds(String cpuNow, int threadsNow) {
    return cpu.equals(cpuNow) && threads == threadsNow;
  }

  /** What memory gave to the number of threads that got most. */
  double mostBytesPerSecond() {
    return readBytesPerSecond.values().stream().mapToDouble(each -> each).max().orElseThrow();
  }

  /** What prompts got with weights in the format that got most. */
  double mostMultiplyAddsPerSecond() {
    return formats.values().stream()
        .mapToDouble(FormatRate::promptMultiplyAddsPerSecond)
        .max()
        .orElseThrow();
  }

  /** How fast a model is; empty where one of its formats was not measured. */
  Optional<Speed> speed(Workload work) {
    boolean isKnown = work.parts().stream().allMatch(part -> formats.containsKey(part.type()));
    return isKnown ? Optional.of(new CalibratedSpeed(work, this)) : Optional.empty();
  }

  /**
   * As it was kept.
   *
   * @param where for messages
   * @throws dev.tonnage.error.BadFile for what is none
   */
  public static Calibration read(String where, byte[] json) {
    return Catalogues.readOne(where, "run 'tonnage calibrate' again", json, Calibration.class);
  }

  /** To be kept. */
  public byte[] json() {
    return Catalogues.write(this);
  }
}
