package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How fast an engine generates behind more and more tokens.
 *
 * @param points the shortest context first, up to what the model was trained for or what fits
 * @param generation where a token of the longest stands on the roofline (Williams et al. 2009)
 * @param prompt where a prompt of as many tokens stands there
 */
public record Curve(List<Point> points, RooflinePoint generation, RooflinePoint prompt) {

  private static final int SHORTEST = 512;

  /**
   * A context.
   *
   * @param contextTokens that are before a token
   * @param tokensPerSecond of it
   */
  public record Point(int contextTokens, Band tokensPerSecond) {}

  /**
   * Something that is computed.
   *
   * @param multiplyAddsPerByte of what is read
   * @param multiplyAddsPerSecond that are likely; empty where nothing was measured
   */
  public record RooflinePoint(double multiplyAddsPerByte, OptionalDouble multiplyAddsPerSecond) {}

  /** Of an engine whose speed is known; without points where not even the shortest fits. */
  public static Curve of(Site site, ModelHeader header, LoadSettings settings, Engine engine) {
    LoadSettings alone = settings.withStreams(1);
    Plan plan = site.plan(header, alone.withContext(1), engine);
    int trained = plan.capacity().trainedTokens();
    List<Point> points = new ArrayList<>();
    for (int tokens = Math.min(SHORTEST, trained); ; tokens = Math.min(2 * tokens, trained)) {
      Plan longer = site.plan(header, alone.withContext(tokens), engine);
      if (!longer.memory().fits() || longer.speed().isEmpty()) {
        break;
      }
      plan = longer;
      points.add(new Point(tokens, longer.tokensPerSecond().orElseThrow()));
      if (tokens == trained) {
        break;
      }
    }
    return new Curve(points, generation(plan), prompt(plan));
  }

  private static RooflinePoint generation(Plan plan) {
    int depth = plan.capacity().contextTokens() - 1;
    double multiplyAdds =
        plan.work().tokenParameters()
            + plan.work().attentionMultiplyAdds(depth, 1, plan.engine().latents());
    return new RooflinePoint(
        multiplyAdds / plan.work().stepBytes(depth, 1),
        plan.tokensPerSecond()
            .map(rate -> OptionalDouble.of(multiplyAdds * rate.likely()))
            .orElse(OptionalDouble.empty()));
  }

  private static RooflinePoint prompt(Plan plan) {
    int tokens = plan.capacity().contextTokens();
    double multiplyAdds = plan.work().promptMultiplyAdds(0, tokens, plan.engine().latents());
    return new RooflinePoint(
        multiplyAdds / plan.work().promptWeightBytes(tokens, plan.engine().chunkTokens()),
        plan.promptSeconds()
            .map(seconds -> OptionalDouble.of(multiplyAdds / seconds.likely()))
            .orElse(OptionalDouble.empty()));
  }
}
