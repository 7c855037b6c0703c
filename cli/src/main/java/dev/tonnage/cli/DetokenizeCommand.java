package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.text.ControlTokens;
import dev.tonnage.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage detokenize}: ids to text. */
final class DetokenizeCommand implements Command {

  private final PositionalParamSpec ids =
      PositionalParamSpec.builder()
          .type(List.class)
          .auxiliaryTypes(String.class)
          .arity("1..*")
          .required(true)
          .paramLabel("ID")
          .description("Ids, separated by spaces or commas, in brackets or not; - reads them.")
          .build();

  private final ModelFile model = new ModelFile();

  private final OptionSpec special =
      Options.flag("Show control tokens such as <|eot_id|>.", "--special");

  private final Terminal terminal;

  DetokenizeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "detokenize";
  }

  @Override
  public String[] description() {
    return new String[] {"Prints the text of ids."};
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(ids);
    model.addTo(command);
    command.addOption(special);
  }

  @Override
  public ExitCode run() {
    List<String> words = ids.getValue();
    String given = words.equals(List.of("-")) ? terminal.readInput() : String.join(" ", words);
    try (Checkpoint checkpoint = model.open()) {
      Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
      int[] numbers =
          Arrays.stream(given.split("[\\s,\\[\\]]+", -1))
              .filter(word -> !word.isEmpty())
              .mapToInt(DetokenizeCommand::id)
              .toArray();
      terminal
          .out()
          .println(
              tokenizer.decode(
                  numbers,
                  special.<Boolean>getValue() ? ControlTokens.SHOWN : ControlTokens.HIDDEN));
      return ExitCode.SUCCESS;
    }
  }

  private static int id(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new BadRequest("ids", "whole numbers", "'" + word + "'", "correct them");
    }
  }
}
