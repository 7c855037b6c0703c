package dev.tonnage.cli;

import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.model.Architectures;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.session.DefaultModel;
import dev.tonnage.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code tonnage info}: what this program and this machine can do. */
final class InfoCommand implements Command {

  private final OptionSpec json = Options.flag("As JSON.", "--json");

  private final Terminal terminal;

  InfoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "info";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Says what computes here and why nothing better does, memory, and what is known."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addOption(json);
  }

  /** The form of {@code --json}. */
  record Report(
      String version,
      String java,
      String system,
      String cpu,
      int cores,
      long memoryBytes,
      long availableBytes,
      String kernelLevel,
      String kernels,
      String whyNoBetter,
      List<String> architectures,
      List<String> formats,
      String defaultModel) {}

  @Override
  public ExitCode run() {
    Report report = report(Machine.here(), KernelChoice.make(Long.MAX_VALUE));
    if (json.<Boolean>getValue()) {
      terminal.out().println(Json.pretty(report));
    } else {
      print(report);
    }
    return ExitCode.SUCCESS;
  }

  private static Report report(Machine machine, KernelChoice choice) {
    return new Report(
        Version.text(),
        Runtime.version().toString(),
        machine.system(),
        machine.cpu(),
        machine.cores(),
        machine.memoryBytes(),
        machine.availableBytes(),
        choice.kernels().level().word(),
        choice.kernels().description(),
        choice.reason(),
        Architectures.names(),
        Arrays.stream(DType.values())
            .filter(type -> choice.kernels().supports(type))
            .map(DType::name)
            .toList(),
        DefaultModel.NAME);
  }

  private void print(Report r) {
    line("tonnage", r.version() + " on Java " + r.java());
    line("machine", r.cpu() + ", " + r.cores() + " cores, " + r.system());
    line(
        "memory",
        MemoryPlan.gib(r.memoryBytes()) + ", " + MemoryPlan.gib(r.availableBytes()) + " available");
    line("kernels", r.kernelLevel() + " (" + r.kernels() + ")");
    line("no better", r.whyNoBetter());
    line("architectures", String.join(", ", r.architectures()));
    line("formats", String.join(", ", r.formats()));
    line("default model", r.defaultModel());
  }

  private void line(String label, String text) {
    terminal.out().println(String.format(Locale.ROOT, "%-14s %s", label, text));
  }
}
