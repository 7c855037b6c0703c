package dev.tonnage.cli;

import dev.tonnage.os.Machine;
import dev.tonnage.plan.CataloguedMachine;
import java.util.List;
import java.util.Optional;

/**
 * The form of {@code tonnage plan --json}.
 *
 * @param machine for people
 * @param backend what would compute
 * @param memoryBytes all that the machine has
 * @param gpuLimitBytes what its graphics processor may use; null where nobody told
 * @param bandwidthBytesPerSecond what memory gives at most; null where unknown
 * @param machineSource where the machine's numbers were read
 * @param modelSource where the model's were
 * @param plans in each format with each context
 */
record PlanReport(
    String machine,
    String backend,
    long memoryBytes,
    Long gpuLimitBytes,
    Long bandwidthBytesPerSecond,
    String machineSource,
    String modelSource,
    List<PlanRow> plans) {

  private static final String BACKEND = "Tonnage on the processor's cores";

  static PlanReport of(List<PlanRow> rows, String source, Optional<CataloguedMachine> other) {
    if (other.isPresent()) {
      CataloguedMachine machine = other.get();
      return new PlanReport(
          machine.title(),
          BACKEND,
          machine.memoryBytes(),
          machine.gpuLimitBytes() == 0 ? null : machine.gpuLimitBytes(),
          machine.bandwidthBytesPerSecond(),
          machine.source(),
          source,
          rows);
    }
    Machine here = Machine.here();
    return new PlanReport(
        here.cpu() + ", " + here.cores() + " cores",
        BACKEND,
        here.memoryBytes(),
        null,
        null,
        "what the system says now",
        source,
        rows);
  }
}
