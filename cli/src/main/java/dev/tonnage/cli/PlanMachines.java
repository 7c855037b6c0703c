package dev.tonnage.cli;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.CataloguedMachine;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.MachineCatalogue;
import dev.tonnage.plan.ModelCatalogue;
import dev.tonnage.plan.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that name machines, and catalogues of one's own. */
final class PlanMachines {

  private static final String THIS = "this";

  private final OptionSpec machine =
      Options.preset(
          String.class,
          "NAME",
          THIS,
          "A machine of the catalogue with its memory, like m3-ultra-512. Default: this one.",
          "--machine");

  private final OptionSpec gpuLimit =
      Options.value(
          Double.class,
          "GIB",
          "What the machine's graphics processor may use, where its owner set that.",
          "--gpu-limit");

  private final OptionSpec machines =
      Options.value(Path.class, "FILE", "Machines of your own, as in machines.json.", "--machines");

  private final OptionSpec models =
      Options.value(Path.class, "FILE", "Models of your own, as in models.json.", "--models");

  void addTo(CommandSpec command) {
    for (OptionSpec option : List.of(machine, gpuLimit, machines, models)) {
      command.addOption(option);
    }
  }

  ModelCatalogue models() {
    ModelCatalogue catalogue = ModelCatalogue.own();
    if (models.getValue() instanceof Path file) {
      catalogue.add(file + "", read(file));
    }
    return catalogue;
  }

  MachineCatalogue machines() {
    MachineCatalogue catalogue = MachineCatalogue.own();
    if (machines.getValue() instanceof Path file) {
      catalogue.add(file + "", read(file));
    }
    return catalogue;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be read (" + e + "); name another file", e);
    }
  }

  /** The one that was named. */
  Site site(Kernels kernels) {
    String name = machine.getValue();
    if (name.equals(THIS)) {
      Machine here = Machine.here();
      int members = LoadSettings.defaults().threads();
      return new Site.Here(
          here, CalibrateCommand.kept().filter(it -> it.holds(here.cpu(), members)), kernels);
    }
    CataloguedMachine known = machines().machine(name);
    return new Site.Elsewhere(
        gpuLimit.getValue() instanceof Double gibibytes ? known.withGpuLimit(gibibytes) : known,
        kernels);
  }
}
