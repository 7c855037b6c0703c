package dev.tonnage.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, each with the terminal it talks to. */
final class Commands implements IFactory {

  private final Terminal terminal;

  Commands(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == RunCommand.class) {
      return type.cast(new RunCommand(terminal));
    }
    if (type == InspectCommand.class) {
      return type.cast(new InspectCommand(terminal));
    }
    if (type == InfoCommand.class) {
      return type.cast(new InfoCommand(terminal));
    }
    if (type == LogitsCommand.class) {
      return type.cast(new LogitsCommand(terminal));
    }
    if (type == TokenizeCommand.class) {
      return type.cast(new TokenizeCommand(terminal));
    }
    if (type == DetokenizeCommand.class) {
      return type.cast(new DetokenizeCommand(terminal));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
