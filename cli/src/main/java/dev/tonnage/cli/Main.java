package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.TonnageException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The program {@code tonnage}. */
final class Main {

  private static final String[] FOOTER = {
    "",
    "Exit codes: 0 success, 1 a bug, 2 wrong usage, 3 a bad file,",
    "4 an unsupported model, 5 too little memory, 6 a storage failure,",
    "130 interrupted, 141 output closed."
  };

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = run(Terminal.system(), arguments);
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int run(Terminal terminal, String... arguments) {
    var commandLine = new CommandLine(program());
    List<Command> commands = Commands.all(terminal);
    boolean named =
        arguments.length > 0
            && commands.stream().anyMatch(command -> command.name().equals(arguments[0]));
    for (Command command : commands) {
      // the others are needed for help and for what is wrong
      if (!named || command.name().equals(arguments[0])) {
        commandLine.addSubcommand(command.name(), specification(command));
      }
    }
    commandLine.setExpandAtFiles(false); // a prompt may begin with @
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(terminal.error(), true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler(wrongUsage(terminal));
    commandLine.setExecutionExceptionHandler(failure(terminal));
    int code = commandLine.execute(arguments);
    boolean lost = terminal.out().checkError();
    return code == ExitCode.SUCCESS.number() && lost ? ExitCode.BROKEN_PIPE.number() : code;
  }

  private static CommandSpec program() {
    Callable<Integer> nothing =
        () -> {
          throw new BadRequest("name a command; 'tonnage --help' lists them");
        };
    CommandSpec program = CommandSpec.wrapWithoutInspection(nothing).name("tonnage");
    program
        .usageMessage()
        .description("Runs very large open-weight language models on one machine.");
    return withHelp(program);
  }

  private static CommandSpec specification(Command command) {
    Callable<Integer> action = () -> command.run().number();
    CommandSpec specification = CommandSpec.wrapWithoutInspection(action).name(command.name());
    specification.usageMessage().description(command.description());
    command.addTo(specification);
    return withHelp(specification);
  }

  private static CommandSpec withHelp(CommandSpec command) {
    command.usageMessage().footer(FOOTER);
    return command
        .versionProvider(new Version())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Print version information and exit.")
                .build());
  }

  private static IParameterExceptionHandler wrongUsage(Terminal terminal) {
    return (error, _) -> {
      terminal.error().println("tonnage: " + Terminal.printable(error.getMessage()));
      String command = error.getCommandLine().getCommandSpec().qualifiedName();
      terminal.error().println("try '" + command + " --help'");
      return ExitCode.USAGE.number();
    };
  }

  private static IExecutionExceptionHandler failure(Terminal terminal) {
    return (error, _, _) -> {
      terminal.out().flush();
      terminal.clearProgress();
      if (error instanceof TonnageException known) {
        terminal.error().println("tonnage: " + Terminal.printable(known.getMessage()));
        return ExitCode.of(known).number();
      }
      terminal.error().println("tonnage: this is a bug, please report it:");
      error.printStackTrace(terminal.error());
      return ExitCode.BUG.number();
    };
  }
}
