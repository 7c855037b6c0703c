package dev.tonnage.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A model in a format, for an engine at a site.
 *
 * @param plan that fits
 * @param verdicts what it is good for
 */
public record Choice(
    CataloguedModel model, QuantMix mix, Site site, Plan plan, List<Verdict> verdicts) {

  /** As fast as people read: 238 words a minute (Brysbaert 2019), four tokens to three words. */
  public static final double READING_TOKENS_PER_SECOND = 5.3;

  /** Formats that are tried, the most exact first; larger ones are slower and hardly better. */
  private static final List<QuantMix> LADDER =
      List.of(
          QuantMix.Q8_0,
          QuantMix.Q6_K,
          QuantMix.Q5_K_M,
          QuantMix.Q4_K_M,
          QuantMix.Q3_K_M,
          QuantMix.Q2_K,
          QuantMix.MLX_8BIT,
          QuantMix.MLX_6BIT,
          QuantMix.MLX_5BIT,
          QuantMix.MLX_4BIT,
          QuantMix.MLX_3BIT,
          QuantMix.MLX_2BIT);

  /**
   * Every model that fits a site, for each engine in its most exact format; the best first: what is
   * generated at least as fast as it is read, and of these the model with most parameters.
   *
   * @param settings whose context is shortened to what a model was trained for
   */
  public static List<Choice> thatFit(
      Site site, List<CataloguedModel> models, LoadSettings settings) {
    List<Choice> choices = new ArrayList<>();
    for (CataloguedModel model : models) {
      LoadSettings possible = shortened(settings, model);
      for (Engine engine : site.engines()) {
        ladder(model).stream()
            .map(mix -> at(site, model, mix, possible, engine))
            .flatMap(Optional::stream)
            .findFirst()
            .ifPresent(choices::add);
      }
    }
    choices.sort(
        Comparator.comparing(Choice::isSlow)
            .thenComparing(
                Comparator.comparingLong((Choice it) -> it.model().parameters()).reversed()));
    return choices;
  }

  /**
   * Sites that fit a model, for each engine of theirs whose speed is known; the least memory first,
   * and of as much the slowest.
   *
   * @param tokensPerSecond that are wanted behind a full context
   */
  public static List<Choice> toBuy(
      CataloguedModel model,
      List<QuantMix> mixes,
      List<Site.Elsewhere> sites,
      LoadSettings settings,
      double tokensPerSecond) {
    List<Choice> choices = new ArrayList<>();
    for (Site.Elsewhere site : sites) {
      for (Engine engine : site.engines()) {
        for (QuantMix mix : mixes) {
          at(site, model, mix, settings, engine)
              .filter(it -> it.rate().orElse(0) >= tokensPerSecond)
              .ifPresent(choices::add);
        }
      }
    }
    choices.sort(
        Comparator.comparingLong((Choice it) -> it.memoryBytes())
            .thenComparingDouble(it -> it.rate().orElse(0)));
    return choices;
  }

  private static LoadSettings shortened(LoadSettings settings, CataloguedModel model) {
    int trained = model.dimensions().contextTokens();
    return settings.withContext(Math.min(settings.contextTokens().orElse(trained), trained));
  }

  /** A model that was published in few bits has no more exact format. */
  private static List<QuantMix> ladder(CataloguedModel model) {
    return model.usualMix() == QuantMix.MXFP4_MOE ? List.of(QuantMix.MXFP4_MOE) : LADDER;
  }

  private static Optional<Choice> at(
      Site site, CataloguedModel model, QuantMix mix, LoadSettings settings, Engine engine) {
    var header = model.header(mix);
    if (!engine.reads(header)) {
      return Optional.empty();
    }
    Plan plan = site.plan(header, settings, engine);
    return plan.memory().fits()
        ? Optional.of(
            new Choice(model, mix, site, plan, Verdicts.of(site, header, settings, engine)))
        : Optional.empty();
  }

  private long memoryBytes() {
    return switch (site) {
      case Site.Elsewhere(CataloguedMachine machine, _) -> machine.memoryBytes();
      case Site.Here here -> here.machine().memoryBytes();
    };
  }

  /** The likely rate; empty where nothing was measured. */
  private OptionalDouble rate() {
    return plan.tokensPerSecond()
        .map(band -> OptionalDouble.of(band.likely()))
        .orElse(OptionalDouble.empty());
  }

  private boolean isSlow() {
    return rate().orElse(Double.MAX_VALUE) < READING_TOKENS_PER_SECOND;
  }
}
