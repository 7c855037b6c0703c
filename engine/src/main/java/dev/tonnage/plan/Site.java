package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.os.Machine;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where a model is planned for. */
public sealed interface Site {

  /** Who could run it there; this program first, if it can. */
  List<Engine> engines();

  /**
   * A plan.
   *
   * @param engine one of this site's
   * @throws dev.tonnage.error.TonnageException for a model that cannot be run, or a context that it
   *     cannot have
   */
  Plan plan(ModelHeader header, LoadSettings settings, Engine engine);

  /**
   * A machine of a catalogue.
   *
   * @param kernels whose scratch is counted
   */
  record Elsewhere(CataloguedMachine machine, Kernels kernels) implements Site {

    @Override
    public List<Engine> engines() {
      return machine.engines();
    }

    @Override
    public Plan plan(ModelHeader header, LoadSettings settings, Engine engine) {
      Dimensions dimensions = Architectures.dimensions(header);
      var capacity = new Capacity(header.name(), dimensions, settings);
      Workload work = Workload.of(header, dimensions, capacity.layers());
      Budget budget = machine.budget(engine);
      MemoryPlan memory =
          engine == Engine.TONNAGE
              ? capacity.plan(header.weightBytes() - dimensions.unusedBytes(), kernels, budget)
              : new MemoryPlan(header.weightBytes(), capacity.cacheBytes(), 0, 0, budget);
      return new Plan(
          engine,
          capacity,
          memory,
          work,
          OptionalDouble.of(machine.bandwidthBytesPerSecond()),
          machine.multiplyAddsPerSecond(engine),
          machine.speed(engine, work));
    }
  }

  /**
   * The machine that this runs on.
   *
   * @param calibration what was measured on it, if anything was
   */
  record Here(Machine machine, Optional<Calibration> calibration, Kernels kernels) implements Site {

    @Override
    public List<Engine> engines() {
      return List.of(Engine.TONNAGE);
    }

    @Override
    public Plan plan(ModelHeader header, LoadSettings settings, Engine engine) {
      Dimensions dimensions = Architectures.dimensions(header);
      var capacity = new Capacity(header.name(), dimensions, settings);
      Workload work = Workload.of(header, dimensions, capacity.layers());
      long weightBytes = header.weightBytes() - dimensions.unusedBytes();
      return new Plan(
          engine,
          capacity,
          capacity.plan(weightBytes, kernels, Budget.of(machine)),
          work,
          calibration.isPresent()
              ? OptionalDouble.of(calibration.get().mostBytesPerSecond())
              : OptionalDouble.empty(),
          calibration.isPresent()
              ? OptionalDouble.of(calibration.get().mostMultiplyAddsPerSecond())
              : OptionalDouble.empty(),
          calibration.flatMap(it -> it.speed(work)));
    }
  }
}
