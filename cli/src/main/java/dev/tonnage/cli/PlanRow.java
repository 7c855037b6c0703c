package dev.tonnage.cli;

import dev.tonnage.plan.Band;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.plan.Plan;
import dev.tonnage.plan.Remedy;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A plan of one engine in one format with one context.
 *
 * @param engine with what computes for it
 * @param format of the weights
 * @param users sequences at once
 * @param cache how keys and values are cached
 * @param remedies where it does not fit
 * @param run what runs it here; null where that would not fit, or there is no file
 */
record PlanRow(
    String model,
    String engine,
    String format,
    int contextTokens,
    int users,
    String cache,
    Memory memory,
    Rate rate,
    List<RemedyRow> remedies,
    String run) {

  /**
   * In bytes.
   *
   * @param weightBytes all tensors that are read
   * @param cacheBytes keys and values of all sequences' full contexts
   * @param scratchBytes activations and buffers; null where nobody told
   * @param programBytes the program itself; null where nobody told
   * @param givenBytes what the machine gives to this engine
   * @param givenBecause how that comes about
   * @param headroomBytes what is left of that; negative where it does not fit
   */
  record Memory(
      long weightBytes,
      long cacheBytes,
      Long scratchBytes,
      Long programBytes,
      long givenBytes,
      String givenBecause,
      long headroomBytes,
      boolean fits) {

    static Memory of(Plan plan) {
      MemoryPlan memory = plan.memory();
      boolean isKnown = memory.programBytes() > 0;
      return new Memory(
          memory.weightBytes(),
          memory.cacheBytes(),
          isKnown ? memory.scratchBytes() : null,
          isKnown ? memory.programBytes() : null,
          memory.budgetBytes(),
          memory.budget().reason(),
          memory.headroomBytes(),
          memory.fits());
    }
  }

  /**
   * How fast; null where it does not fit or nothing was measured.
   *
   * @param stepBytes what a step reads behind full contexts
   * @param mostTokensPerSecond what no engine on this memory can exceed
   * @param tokensPerSecond of each sequence behind a full context
   * @param firstTokenSeconds of a prompt that fills the context
   * @param watts what the machine draws
   * @param kilowattHours for a million tokens of generation
   * @param cost of that, in the currency of the price that was named
   */
  record Rate(
      double stepBytes,
      Double mostTokensPerSecond,
      Band tokensPerSecond,
      Band firstTokenSeconds,
      Double watts,
      Double kilowattHours,
      Double cost) {

    private static final double KILOJOULES_OF_WATT_HOUR = 3.6;

    static Rate of(Plan plan, OptionalDouble watts, OptionalDouble price) {
      OptionalDouble most = plan.mostTokensPerSecond();
      boolean fits = plan.memory().fits();
      Band speed = fits ? plan.tokensPerSecond().orElse(null) : null;
      Double drawn = watts.isPresent() ? watts.getAsDouble() : null;
      Double hours =
          speed == null || drawn == null
              ? null
              : drawn / (speed.likely() * plan.capacity().streams()) / KILOJOULES_OF_WATT_HOUR;
      return new Rate(
          plan.stepBytes(),
          most.isPresent() ? most.getAsDouble() : null,
          speed,
          fits ? plan.promptSeconds().orElse(null) : null,
          drawn,
          hours,
          hours == null || price.isEmpty() ? null : hours * price.getAsDouble());
    }
  }

  /**
   * What makes it fit.
   *
   * @param totalBytes that are then taken
   * @param tokensPerSecond then; null where unknown
   */
  record RemedyRow(String what, long totalBytes, Band tokensPerSecond) {

    static RemedyRow of(Remedy remedy) {
      return new RemedyRow(
          remedy.what(), remedy.totalBytes(), remedy.tokensPerSecond().orElse(null));
    }
  }
}
