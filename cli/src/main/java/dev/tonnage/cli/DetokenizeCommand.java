package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.text.ControlTokens;
import dev.tonnage.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tonnage detokenize}: ids to text. */
@Command(name = "detokenize", description = "Prints the text of ids.")
final class DetokenizeCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "ID",
      arity = "1..*",
      description = "Ids, separated by spaces or commas, in brackets or not; - reads them.")
  private List<String> ids;

  @Mixin private ModelFile model;

  @Option(names = "--special", description = "Show control tokens such as <|eot_id|>.")
  private boolean special;

  private final Terminal terminal;

  DetokenizeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String given =
        ids.equals(List.of("-"))
            ? terminal.readInput()
            : ids.stream().collect(Collectors.joining(" "));
    try (Checkpoint checkpoint = model.open()) {
      Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
      int[] numbers =
          Arrays.stream(given.split("[\\s,\\[\\]]+", -1))
              .filter(word -> !word.isEmpty())
              .mapToInt(DetokenizeCommand::id)
              .toArray();
      terminal
          .out()
          .println(tokenizer.decode(numbers, special ? ControlTokens.SHOWN : ControlTokens.HIDDEN));
      return ExitCode.SUCCESS.number();
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
