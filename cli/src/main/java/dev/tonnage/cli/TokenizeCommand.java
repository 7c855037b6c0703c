package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.text.SpecialTokens;
import dev.tonnage.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code tonnage tokenize}: text to ids. */
final class TokenizeCommand implements Command {

  private final PositionalParamSpec text =
      PositionalParamSpec.builder()
          .type(String.class)
          .index("0")
          .arity("1")
          .paramLabel("TEXT")
          .description("The text; - reads standard input.")
          .build();

  private final OptionSpec file =
      Options.value(
          Path.class,
          "STRINGS.json",
          "A file with an array of strings; an array of arrays of ids comes out.",
          "--json");

  private final ModelFile model = new ModelFile();

  private final OptionSpec special =
      Options.flag("Special tokens in the text are tokens, not text.", "--special");

  private final OptionSpec framed =
      Options.flag("With the begin and end tokens that the model wants around a prompt.", "--bos");

  private final Terminal terminal;

  TokenizeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "tokenize";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Prints the ids of a text as a JSON array; with --json, of each of many texts."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addArgGroup(
        ArgGroupSpec.builder().exclusive(true).multiplicity("1").addArg(text).addArg(file).build());
    model.addTo(command);
    command.addOption(special).addOption(framed);
  }

  @Override
  public ExitCode run() {
    try (Checkpoint checkpoint = model.open()) {
      Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
      Object ids =
          file.getValue() instanceof Path path
              ? strings(path).stream().map(string -> encode(tokenizer, string)).toList()
              : encode(tokenizer, text());
      terminal.out().println(Json.line(ids));
      return ExitCode.SUCCESS;
    }
  }

  private String text() {
    String given = text.getValue();
    return given.equals("-") ? terminal.readInput() : given;
  }

  private int[] encode(Tokenizer tokenizer, String string) {
    SpecialTokens parsing =
        special.<Boolean>getValue() ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT;
    return framed.<Boolean>getValue()
        ? tokenizer.encodePrompt(string, parsing)
        : tokenizer.encode(string, parsing);
  }

  private static List<String> strings(Path file) {
    try {
      JsonNode read = Json.mapper().readTree(Files.readAllBytes(file));
      if (!read.isArray()) {
        throw noStrings(file, "no array");
      }
      List<String> texts = new ArrayList<>();
      for (JsonNode element : read) {
        if (!element.isString()) {
          throw noStrings(file, element + " at index " + texts.size());
        }
        texts.add(element.stringValue());
      }
      return texts;
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be read (" + e + "); check the path", e);
    } catch (JacksonException e) {
      throw noStrings(file, e.getOriginalMessage());
    }
  }

  private static BadRequest noStrings(Path file, String found) {
    return new BadRequest(file + "", "a JSON array of strings", found, "correct the file");
  }
}
