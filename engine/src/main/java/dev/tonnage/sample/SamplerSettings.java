package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;
import java.util.List;

/**
 * How tokens are drawn. To be built from {@link #defaults()} or {@link #greedy()}:
 *
 * {@snippet :
 * SamplerSettings.defaults()
 *     .withTemperature(0.6)
 *     .withTruncation(Truncation.NONE.withTopP(0.95))
 *     .withSeed(42);
 * }
 *
 * @param logitBias what is added to logits first
 * @param temperature what logits are divided by; 0 takes the greatest (greedy)
 * @param truncation which tokens are too improbable
 * @param penalties what repeated tokens lose
 * @param dry what repeated sequences of tokens lose
 * @param xtc how often the most probable tokens are left out
 * @param mirostat what takes the place of truncation and XTC
 * @param order the stages that happen, first to last; one that is not here does not happen
 * @param seed of the random draws
 */
public record SamplerSettings(
    LogitBias logitBias,
    double temperature,
    Truncation truncation,
    Penalties penalties,
    Dry dry,
    Xtc xtc,
    Mirostat mirostat,
    List<StageName> order,
    long seed) {

  /** Far less than anybody means, and far from where a quotient of two numbers overflows. */
  private static final double LEAST_TEMPERATURE = 1e-9;

  /**
   * @throws dev.tonnage.error.BadRequest for what is out of range, by the option's name
   */
  public SamplerSettings {
    Bounds.require(
        temperature == 0 || (temperature >= LEAST_TEMPERATURE && temperature < 1e6),
        "temperature",
        "that is 0 or at least " + LEAST_TEMPERATURE,
        temperature);
    StageName.requireOnce(order);
    if (mirostat.happens()) {
      requireAlone(temperature, truncation, xtc);
    }
    order = List.copyOf(order);
  }

  private static void requireAlone(double temperature, Truncation truncation, Xtc xtc) {
    if (!truncation.equals(Truncation.NONE) || xtc.happens()) {
      throw new BadRequest(
          "mirostat",
          "neither truncation nor XTC beside it, whose place it takes",
          xtc.happens() ? "xtc-probability " + xtc.probability() : truncation + "",
          "leave out one of them");
    }
    if (temperature == 0) {
      throw new BadRequest(
          "mirostat",
          "a temperature above 0, for nothing is drawn at 0",
          "temperature 0",
          "leave out one of them");
    }
  }

  /** Whether a stage would change anything if it were in the order. */
  public boolean asksFor(StageName stage) {
    return switch (stage) {
      case PENALTIES -> penalties.happen();
      case DRY -> dry.happens();
      case TOP_N_SIGMA -> truncation.topNSigma() > 0;
      case TOP_K -> truncation.topK() > 0;
      case TYPICAL -> truncation.typicalP() < 1;
      case TOP_P -> truncation.topP() < 1;
      case MIN_P -> truncation.minP() > 0;
      case XTC -> xtc.happens();
      case TEMPERATURE -> temperature != 1;
    };
  }

  /** What most people start with: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, seed 0. */
  public static SamplerSettings defaults() {
    return new SamplerSettings(
        LogitBias.NONE,
        0.8,
        Truncation.NONE.withTopK(40).withTopP(0.95).withMinP(0.05),
        Penalties.NONE,
        Dry.OFF,
        Xtc.OFF,
        Mirostat.OFF,
        StageName.DEFAULT_ORDER,
        0);
  }

  /** Always the most probable token. */
  public static SamplerSettings greedy() {
    return defaults().withTemperature(0).withTruncation(Truncation.NONE);
  }

  /** The same with other biases. */
  public SamplerSettings withLogitBias(LogitBias other) {
    return new SamplerSettings(
        other, temperature, truncation, penalties, dry, xtc, mirostat, order, seed);
  }

  /** The same with another temperature. */
  public SamplerSettings withTemperature(double other) {
    return new SamplerSettings(
        logitBias, other, truncation, penalties, dry, xtc, mirostat, order, seed);
  }

  /** The same with another truncation. */
  public SamplerSettings withTruncation(Truncation other) {
    return new SamplerSettings(
        logitBias, temperature, other, penalties, dry, xtc, mirostat, order, seed);
  }

  /** The same with other penalties. */
  public SamplerSettings withPenalties(Penalties others) {
    return new SamplerSettings(
        logitBias, temperature, truncation, others, dry, xtc, mirostat, order, seed);
  }

  /** The same with another penalty for repeated sequences. */
  public SamplerSettings withDry(Dry other) {
    return new SamplerSettings(
        logitBias, temperature, truncation, penalties, other, xtc, mirostat, order, seed);
  }

  /** The same with top choices excluded more or less often. */
  public SamplerSettings withXtc(Xtc other) {
    return new SamplerSettings(
        logitBias, temperature, truncation, penalties, dry, other, mirostat, order, seed);
  }

  /** The same with Mirostat or without it. Where it draws, truncation and XTC are switched off. */
  public SamplerSettings withMirostat(Mirostat other) {
    return other.happens()
        ? new SamplerSettings(
            logitBias, temperature, Truncation.NONE, penalties, dry, Xtc.OFF, other, order, seed)
        : new SamplerSettings(
            logitBias, temperature, truncation, penalties, dry, xtc, other, order, seed);
  }

  /** The same with other stages, or in another order. */
  public SamplerSettings withOrder(List<StageName> other) {
    return new SamplerSettings(
        logitBias, temperature, truncation, penalties, dry, xtc, mirostat, other, seed);
  }

  /** The same with another seed. */
  public SamplerSettings withSeed(long other) {
    return new SamplerSettings(
        logitBias, temperature, truncation, penalties, dry, xtc, mirostat, order, other);
  }
}
