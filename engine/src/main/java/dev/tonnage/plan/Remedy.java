package dev.tonnage.plan;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What makes a model fit that does not.
 *
 * @param what to do
 * @param totalBytes that are then taken
 * @param tokensPerSecond that are then generated behind a full context; empty where unknown
 */
public record Remedy(String what, long totalBytes, Optional<Band> tokensPerSecond) {

  /** Contexts are shortened to multiples of this. */
  private static final int CONTEXT_STEP = 1024;

  private Remedy(String what, Plan plan) {
    this(what, plan.memory().totalBytes(), plan.tokensPerSecond());
  }

  /**
   * What keeps a model's format.
   *
   * @param settings with which it does not fit
   */
  public static List<Remedy> of(
      Site site, ModelHeader header, LoadSettings settings, Engine engine) {
    Plan plan = site.plan(header, settings, engine);
    List<Remedy> remedies = new ArrayList<>();
    for (DType type : List.of(DType.Q8_0, DType.Q4_0)) {
      cachedAs(type, site, header, settings, engine).ifPresent(remedies::add);
    }
    most(
            (plan.capacity().contextTokens() - 1) / CONTEXT_STEP,
            steps -> site.plan(header, settings.withContext(steps * CONTEXT_STEP), engine))
        .map(it -> new Remedy("a context of " + it.capacity().contextTokens() + " tokens", it))
        .ifPresent(remedies::add);
    most(settings.streams() - 1, users -> site.plan(header, settings.withStreams(users), engine))
        .map(it -> new Remedy("users: " + it.capacity().streams(), it))
        .ifPresent(remedies::add);
    if (engine == Engine.TONNAGE && plan.work().mixtureLayers() > 0) {
      remedies.add(expertsFromStorage(plan));
    }
    return remedies;
  }

  private static Optional<Remedy> cachedAs(
      DType type, Site site, ModelHeader header, LoadSettings settings, Engine engine) {
    if (type.bytes(type.blockElements()) * settings.keyType().blockElements()
        >= settings.keyType().bytes(settings.keyType().blockElements()) * type.blockElements()) {
      return Optional.empty(); // is no smaller
    }
    try {
      return Optional.of(site.plan(header, settings.withCache(type, type), engine))
          .filter(plan -> plan.memory().fits())
          .map(plan ->
              new Remedy(
                  "keys and values as " + type.name().toLowerCase(Locale.ROOT) + " (--kv)", plan));
    } catch (BadRequest _) {
      return Optional.empty(); // its blocks do not divide a head
    }
  }

  /** The plan with the most of something, at least 1 and at most a limit, that fits. */
  private static Optional<Plan> most(int limit, IntFunction<Plan> plan) {
    int fits = 0;
    int below = limit + 1;
    while (below - fits > 1) {
      int middle = (fits + below) >>> 1;
      if (plan.apply(middle).memory().fits()) {
        fits = middle;
      } else {
        below = middle;
      }
    }
    return fits == 0 ? Optional.empty() : Optional.of(plan.apply(fits));
  }

  private static Remedy expertsFromStorage(Plan plan) {
    double ofToken = plan.work().expertBytes() * plan.work().usedPart();
    return new Remedy(
        String.format(
            Locale.ROOT,
            "experts from the SSD, which this program cannot do yet: a token would read up to %.1f"
                + " GB of them there",
            ofToken / 1e9),
        plan.memory().totalBytes() - plan.work().expertBytes(),
        Optional.empty());
  }

  /**
   * The largest of a model's formats that fits.
   *
   * @param settings with which another does not fit
   */
  public static Optional<Remedy> smallerFormat(
      Site site, CataloguedModel model, LoadSettings settings, Engine engine) {
    return largestThatFits(site, model, settings, engine)
        .map(mix -> new Remedy(mix + " (--quant)", site.plan(model.header(mix), settings, engine)));
  }

  /** The largest of a model's formats that an engine reads and that fits. */
  public static Optional<QuantMix> largestThatFits(
      Site site, CataloguedModel model, LoadSettings settings, Engine engine) {
    return Arrays.stream(QuantMix.values())
        .filter(mix -> engine.reads(model.header(mix)))
        .filter(mix -> site.plan(model.header(mix), settings, engine).memory().fits())
        .max(Comparator.comparingLong(mix -> model.header(mix).weightBytes()));
  }
}
