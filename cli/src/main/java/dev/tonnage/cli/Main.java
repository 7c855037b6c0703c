package dev.tonnage.cli;

import dev.tonnage.error.TonnageException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code tonnage}. */
@Command(
    name = "tonnage",
    description = "Runs very large open-weight language models on one machine.",
    subcommands = {
      RunCommand.class,
      InspectCommand.class,
      InfoCommand.class,
      LogitsCommand.class,
      TokenizeCommand.class,
      DetokenizeCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    footer = {
      "",
      "Exit codes: 0 success, 1 a bug, 2 wrong usage, 3 a bad file, 4 an unsupported model,",
      "5 too little memory, 6 a storage failure, 130 interrupted, 141 output closed."
    })
final class Main implements Runnable {

  @Spec private CommandSpec specification;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = run(Terminal.system(), arguments);
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int run(Terminal terminal, String... arguments) {
    var commandLine = new CommandLine(new Main(), new Commands(terminal));
    commandLine.setExpandAtFiles(false); // a prompt may begin with @
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(terminal.error(), true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler((error, _) -> {
      terminal.error().println("tonnage: " + Terminal.printable(error.getMessage()));
      String command = error.getCommandLine().getCommandSpec().qualifiedName();
      terminal.error().println("try '" + command + " --help'");
      return ExitCode.USAGE.number();
    });
    commandLine.setExecutionExceptionHandler((error, _, _) -> {
      terminal.out().flush();
      terminal.clearProgress();
      if (error instanceof TonnageException known) {
        terminal.error().println("tonnage: " + Terminal.printable(known.getMessage()));
        return ExitCode.of(known).number();
      }
      terminal.error().println("tonnage: this is a bug, please report it:");
      error.printStackTrace(terminal.error());
      return ExitCode.BUG.number();
    });
    int code = commandLine.execute(arguments);
    boolean lost = terminal.out().checkError();
    return code == ExitCode.SUCCESS.number() && lost ? ExitCode.BROKEN_PIPE.number() : code;
  }

  @Override
  public void run() {
    throw new ParameterException(specification.commandLine(), "name a command");
  }
}
