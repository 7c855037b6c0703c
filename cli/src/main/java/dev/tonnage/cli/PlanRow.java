package dev.tonnage.cli;

import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.plan.Plan;
import java.nio.file.Path;

/**
 * A plan in one format with one context; bytes throughout.
 *
 * @param format of the weights
 * @param cache how keys and values are cached
 * @param users sequences at once
 * @param weightBytes all tensors that are read
 * @param cacheBytes keys and values of all sequences' full contexts
 * @param scratchBytes activations and buffers
 * @param programBytes the program itself
 * @param givenBytes what the machine gives to this program
 * @param headroomBytes what is left of that; negative where it does not fit
 * @param tokenBytes what a generated token reads behind a full context
 * @param mostTokensPerSecond what no engine on this memory can exceed; null where unknown
 * @param run what runs it here; null where that would not fit, or there is no file
 */
record PlanRow(
    String model,
    String format,
    String cache,
    int contextTokens,
    int users,
    long weightBytes,
    long cacheBytes,
    long scratchBytes,
    long programBytes,
    long givenBytes,
    long headroomBytes,
    boolean fits,
    long tokenBytes,
    Double mostTokensPerSecond,
    String run) {

  static PlanRow of(String model, String format, String cache, Plan plan) {
    MemoryPlan memory = plan.memory();
    double most = plan.mostTokensPerSecond();
    return new PlanRow(
        model,
        format,
        cache,
        plan.capacity().contextTokens(),
        plan.capacity().streams(),
        memory.weightBytes(),
        memory.cacheBytes(),
        memory.scratchBytes(),
        memory.programBytes(),
        memory.budgetBytes(),
        memory.budgetBytes() - memory.totalBytes(),
        memory.fits(),
        plan.tokenBytes(),
        Double.isNaN(most) ? null : most,
        null);
  }

  /** The same with what runs this file, in words of a POSIX shell, where that fits. */
  PlanRow runBy(Path file) {
    String path = "'" + file.toString().replace("'", "'\\''") + "'";
    String types = cache.equals("f16") ? "" : " -ctk " + cache + " -ctv " + cache;
    return new PlanRow(
        model,
        format,
        cache,
        contextTokens,
        users,
        weightBytes,
        cacheBytes,
        scratchBytes,
        programBytes,
        givenBytes,
        headroomBytes,
        fits,
        tokenBytes,
        mostTokensPerSecond,
        fits ? "tonnage run -m " + path + " -c " + contextTokens + types : null);
  }

  /** Weights, keys and values: what a graphics processor would have to hold at least. */
  long heldBytes() {
    return weightBytes + cacheBytes;
  }
}
