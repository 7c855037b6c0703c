package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code tonnage bench}: how fast models read prompts and generate, in llama-bench's words. */
final class BenchCommand implements Command {

  private final BenchOptions options = new BenchOptions();

  private final Terminal terminal;

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Times the reading of prompts (pp) and the generation of tokens (tg), and says",
      "which part of what the machine gives at that moment they reach. An option that",
      "takes several values times every combination of them."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    options.addTo(command);
  }

  @Override
  public ExitCode run() {
    List<BenchTest> tests = options.tests();
    List<LoadSettings> settings = options.settings();
    var times = new BenchRun.Times(options.warmup(), options.repetitions());
    int contextTokens = tests.stream().mapToInt(BenchTest::contextTokens).max().orElseThrow();
    List<Supplier<Checkpoint>> models = options.models();
    List<BenchModel> facts = new ArrayList<>();
    for (Supplier<Checkpoint> model : models) {
      facts.add(facts(model, contextTokens)); // nothing is timed before all are known
    }
    try (var interrupt = new Interrupt();
        BenchOutput output = options.output(terminal, facts)) {
      BooleanSupplier cancelled = () -> interrupt.requested() || terminal.out().checkError();
      for (int i = 0; i < models.size(); i++) {
        for (LoadSettings each : settings) {
          if (cancelled.getAsBoolean()) {
            break;
          }
          LoadSettings opened = each.withContext(contextTokens);
          try (LoadedModel loaded = LoadedModel.open(models.get(i).get(), opened);
              var run = new BenchRun(terminal, cancelled, loaded, facts.get(i), opened, times)) {
            for (BenchTest test : tests) {
              run.run(test).ifPresent(output::print);
            }
          }
        }
      }
      terminal.clearProgress();
      return interrupt.requested() ? ExitCode.INTERRUPTED : ExitCode.SUCCESS;
    }
  }

  private static BenchModel facts(Supplier<Checkpoint> model, int contextTokens) {
    try (Checkpoint checkpoint = model.get()) {
      BenchModel facts = BenchModel.of(checkpoint);
      if (contextTokens > facts.contextTokens()) {
        throw new BadRequest(
            "depth and tokens of a test",
            "together at most the "
                + facts.contextTokens()
                + " tokens that "
                + facts.name()
                + " can attend to",
            contextTokens + "",
            "name smaller ones (-d, -p, -n)");
      }
      return facts;
    }
  }
}
