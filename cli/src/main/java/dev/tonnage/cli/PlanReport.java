package dev.tonnage.cli;

import dev.tonnage.os.Machine;
import dev.tonnage.plan.CataloguedMachine;
import dev.tonnage.plan.CataloguedMachine.Quantity;
import dev.tonnage.plan.Curve;
import dev.tonnage.plan.Site;
import dev.tonnage.plan.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form of {@code tonnage plan --json}.
 *
 * @param modelSource where the model's numbers were read
 * @param plans of each engine in each format with each context
 * @param uses what each engine in each format is good for
 * @param curves how fast each engine in each format is behind more and more tokens
 */
record PlanReport(
    MachineRow machine,
    String modelSource,
    List<PlanRow> plans,
    List<UseRow> uses,
    List<CurveRow> curves) {

  /**
   * A machine.
   *
   * @param memoryBytes all that it has
   * @param bandwidthBytesPerSecond what memory gives at most; null where unknown
   * @param sources of each number, where it was read
   */
  record MachineRow(
      String title, long memoryBytes, Double bandwidthBytesPerSecond, Map<String, String> sources) {

    static MachineRow of(Site site) {
      return switch (site) {
        case Site.Elsewhere(CataloguedMachine machine, _) -> of(machine);
        case Site.Here(Machine machine, _, _) ->
            new MachineRow(
                machine.cpu() + ", " + machine.cores() + " cores",
                machine.memoryBytes(),
                null,
                Map.of("memory", "what the system says now"));
      };
    }

    private static MachineRow of(CataloguedMachine machine) {
      Map<String, String> sources = new LinkedHashMap<>();
      sources.put("memory", machine.sold());
      for (Quantity quantity : Quantity.values()) {
        if (machine.numbers().get(quantity) != null) {
          sources.put(quantity.label(), machine.numbers().get(quantity).origin());
        }
      }
      return new MachineRow(
          machine.title(), machine.memoryBytes(), machine.bandwidthBytesPerSecond(), sources);
    }
  }

  /** What an engine with a model in a format is good for. */
  record UseRow(String engine, String format, List<Verdict> verdicts) {

    /** Whether all verdicts have the same reason. */
    boolean hasOneReason() {
      return verdicts.stream().map(Verdict::reason).distinct().count() == 1;
    }
  }

  /**
   * How fast an engine with a model in a format is.
   *
   * @param bytesPerSecond what memory gives at most; null where unknown
   * @param multiplyAddsPerSecond what computes, at most; null where unknown
   */
  record CurveRow(
      String engine,
      String format,
      Double bytesPerSecond,
      Double multiplyAddsPerSecond,
      Curve curve) {}
}
