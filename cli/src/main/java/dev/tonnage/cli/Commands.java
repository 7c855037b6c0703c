package dev.tonnage.cli;

import java.util.List;

/** The program's commands, each with the terminal it talks to. */
final class Commands {

  private Commands() {}

  /** In the order of the help. */
  static List<Command> all(Terminal terminal) {
    return List.of(
        new RunCommand(terminal),
        new PlanCommand(terminal),
        new CalibrateCommand(terminal),
        new InspectCommand(terminal),
        new InfoCommand(terminal),
        new BenchCommand(terminal),
        new PerplexityCommand(terminal),
        new EvalCommand(terminal),
        new LogitsCommand(terminal),
        new TokenizeCommand(terminal),
        new DetokenizeCommand(terminal));
  }
}
