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
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code tonnage tokenize}: text to ids. */
@Command(
    name = "tokenize",
    description = "Prints the ids of a text as a JSON array; with --json, of each of many texts.")
final class TokenizeCommand implements Callable<Integer> {

  /** A text, or a file of texts. */
  private static final class Input {
    @Parameters(paramLabel = "TEXT", description = "The text; - reads standard input.")
    private String text;

    @Option(
        names = "--json",
        paramLabel = "STRINGS.json",
        description = "A file with an array of strings; an array of arrays of ids comes out.")
    private Path strings;
  }

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Mixin private ModelFile model;

  @Option(names = "--special", description = "Special tokens in the text are tokens, not text.")
  private boolean special;

  @Option(
      names = "--bos",
      description = "With the begin and end tokens that the model wants around a prompt.")
  private boolean framed;

  private final Terminal terminal;

  TokenizeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Checkpoint checkpoint = model.open()) {
      Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
      Object ids =
          input.strings != null
              ? strings().stream().map(text -> encode(tokenizer, text)).toList()
              : encode(tokenizer, input.text.equals("-") ? terminal.readInput() : input.text);
      terminal.out().println(Json.line(ids));
      return ExitCode.SUCCESS.number();
    }
  }

  private int[] encode(Tokenizer tokenizer, String text) {
    SpecialTokens parsing = special ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT;
    return framed ? tokenizer.encodePrompt(text, parsing) : tokenizer.encode(text, parsing);
  }

  private List<String> strings() {
    try {
      JsonNode read = Json.mapper().readTree(Files.readAllBytes(input.strings));
      if (!read.isArray()) {
        throw noStrings("no array");
      }
      List<String> texts = new ArrayList<>();
      for (JsonNode text : read) {
        if (!text.isString()) {
          throw noStrings(text + " at index " + texts.size());
        }
        texts.add(text.stringValue());
      }
      return texts;
    } catch (IOException e) {
      throw new StorageFailure(input.strings + ": cannot be read (" + e + "); check the path", e);
    } catch (JacksonException e) {
      throw noStrings(e.getOriginalMessage());
    }
  }

  private BadRequest noStrings(String found) {
    return new BadRequest(input.strings + "", "a JSON array of strings", found, "correct the file");
  }
}
