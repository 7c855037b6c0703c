package dev.tonnage.plan;

import dev.tonnage.plan.Calibration.AttentionRate;
import dev.tonnage.plan.Workload.Latents;
import dev.tonnage.plan.Workload.Part;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How fast this program is where it was calibrated: weights by their formats, keys and values, and
 * what a layer takes besides, one after the other.
 *
 * @param work what is to be done
 * @param calibration what was measured
 */
record CalibratedSpeed(Workload work, Calibration calibration) implements Speed {

  /** Beyond what memory itself gives more or less. */
  private static final double SPREAD = 1.1;

  private static final double PROMPT_SPREAD = 1.2;

  private double weights(ToDoubleFunction<Part> seconds) {
    return work.parts().stream().mapToDouble(seconds).sum();
  }

  private double layersSeconds() {
    return calibration.denseLayerSeconds() * work.denseLayers()
        + calibration.mixtureLayerSeconds() * work.mixtureLayers();
  }

  private AttentionRate attention() {
    return work.isLatent() ? calibration.latentAttention() : calibration.attention();
  }

  @Override
  public Band tokensPerSecond(int depth, int sequences) {
    double weights =
        weights(part ->
            (part.sharedBytes() + part.expertBytes() * work.usedPart(sequences))
                / calibration.formats().get(part.type()).generationBytesPerSecond());
    double cache = sequences * work.cacheBytes(depth) / attention().generationBytesPerSecond();
    double reading = weights + cache;
    Calibration.MemoryRange memory = calibration.memory();
    return new Band(
        1 / (reading * memory.median() / memory.low() + layersSeconds()) / SPREAD,
        1 / (reading + layersSeconds()),
        1 / (reading * memory.median() / memory.high() + layersSeconds()) * SPREAD);
  }

  @Override
  public OptionalDouble promptSeconds(int depth, int tokens) {
    int chunk = Math.min(tokens, Capacity.CHUNK_TOKENS);
    double used = work.usedPart(1);
    double weights =
        weights(part -> {
          Calibration.FormatRate rate = calibration.formats().get(part.type());
          double ofExpert = part.expertParameters() == 0 ? 1 : Math.max(1, chunk * used);
          return tokens * part.sharedParameters() / rate.multiplyAddsPerSecond(chunk)
              + tokens * used * part.expertParameters() / rate.multiplyAddsPerSecond(ofExpert);
        });
    double attention =
        work.attentionMultiplyAdds(depth, tokens, Latents.ABSORBED)
            / attention().promptMultiplyAddsPerSecond();
    return OptionalDouble.of(
        weights + attention + Math.ceilDiv(tokens, Capacity.CHUNK_TOKENS) * layersSeconds());
  }

  @Override
  public Optional<Band> promptSeconds(int tokens) {
    return Optional.of(Band.of(promptSeconds(0, tokens).getAsDouble(), PROMPT_SPREAD));
  }
}
