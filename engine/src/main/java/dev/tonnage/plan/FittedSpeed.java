package dev.tonnage.plan;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast an engine is that was measured on other machines: bytes over bandwidth, multiply-adds
 * over what computes, and some time in each layer, one after the other.
 *
 * @param work what is to be done
 * @param engine who does it
 * @param bytesPerSecond that weights, keys and values are read with
 * @param layersSeconds of a step, in all layers together, beyond reading and computing
 * @param multiplyAddsPerSecond that prompts get; empty where unknown
 */
record FittedSpeed(
    Workload work,
    Engine engine,
    double bytesPerSecond,
    double layersSeconds,
    OptionalDouble multiplyAddsPerSecond)
    implements Speed {

  /**
   * By the constants of the engine.
   *
   * @param peakBytesPerSecond what memory gives at most
   * @param peakMultiplyAddsPerSecond what computes, at most; empty where unknown
   * @param cores that wait for one another; 1 for a graphics processor
   */
  static FittedSpeed of(
      Workload work,
      Engine engine,
      double peakBytesPerSecond,
      OptionalDouble peakMultiplyAddsPerSecond,
      int cores) {
    SpeedConstants constants = SpeedConstants.of(engine);
    boolean isKnown = constants.computeShare().isPresent() && peakMultiplyAddsPerSecond.isPresent();
    return new FittedSpeed(
        work,
        engine,
        constants.bandwidthShare() * peakBytesPerSecond,
        cores
            * (constants.denseLayerSeconds() * work.denseLayers()
                + constants.mixtureLayerSeconds() * work.mixtureLayers()),
        isKnown
            ? OptionalDouble.of(
                constants.computeShare().getAsDouble() * peakMultiplyAddsPerSecond.getAsDouble())
            : OptionalDouble.empty());
  }

  @Override
  public Band tokensPerSecond(int depth, int sequences) {
    double seconds = work.stepBytes(depth, sequences) / bytesPerSecond + layersSeconds;
    return Band.ofUnmeasuredRate(1 / seconds);
  }

  @Override
  public OptionalDouble promptSeconds(int depth, int tokens) {
    if (multiplyAddsPerSecond.isEmpty()) {
      return OptionalDouble.empty();
    }
    int chunk = engine.chunkTokens();
    return OptionalDouble.of(
        work.promptMultiplyAdds(depth, tokens, engine.latents())
                / multiplyAddsPerSecond.getAsDouble()
            + work.promptWeightBytes(tokens, chunk) / bytesPerSecond
            + Math.ceilDiv(tokens, chunk) * layersSeconds);
  }

  @Override
  public Optional<Band> promptSeconds(int tokens) {
    OptionalDouble likely = promptSeconds(0, tokens);
    return likely.isPresent()
        ? Optional.of(Band.ofUnmeasuredPrompt(likely.getAsDouble()))
        : Optional.empty();
  }
}
