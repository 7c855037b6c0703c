package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.eval.KlBaseReader;
import dev.tonnage.eval.KlBaseWriter;
import dev.tonnage.eval.KlDivergence;
import dev.tonnage.eval.TextChunks;
import dev.tonnage.session.LoadedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage perplexity}: how well a model foretells a text, and what a format costs it. */
final class PerplexityCommand implements Command {

  private static final int PRESET_CONTEXT = 512;

  private final PositionalParamSpec text =
      PositionalParamSpec.builder()
          .type(String.class)
          .index("0")
          .arity("1")
          .required(true)
          .paramLabel("TEXTFILE")
          .description("The text, UTF-8; - reads standard input.")
          .build();

  private final ModelOptions model = new ModelOptions("Tokens of a chunk", PRESET_CONTEXT);

  private final OptionSpec chunks =
      Options.value(Integer.class, "N", "Chunks at most. Default: all of the text.", "--chunks");

  private final OptionSpec base =
      Options.value(
          Path.class,
          "FILE",
          "All log-probabilities of a better format: written where there is no such file,"
              + " else compared with.",
          "--kl-base");

  private final OptionSpec json = Options.flag("Print one JSON object when all is done.", "--json");

  private final OptionSpec verbose =
      Options.flag(
          "Print the closing line also where standard error is no terminal.", "-v", "--verbose");

  private final Terminal terminal;

  PerplexityCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "perplexity";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Measures how well a model foretells a text: the exponential of the mean",
      "negative log-likelihood of the second half of each chunk, and its standard",
      "error. With --kl-base also how far its probabilities are from those of another",
      "format of the same model."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(text);
    model.addTo(command);
    command.addOption(chunks).addOption(base).addOption(json).addOption(verbose);
  }

  @Override
  public ExitCode run() {
    if (chunks.getValue() instanceof Integer most && most < 1) {
      throw new BadRequest("--chunks", "at least 1", most + "", "leave it out for all");
    }
    String given = text.getValue();
    String read = given.equals("-") ? terminal.readInput() : TextFile.read(Path.of(given));
    terminal.progress("loading the model");
    try (var interrupt = new Interrupt()) {
      if (!(base.getValue() instanceof Path file)) {
        return measure(read, interrupt);
      }
      return Files.exists(file) ? compare(file, read, interrupt) : writeBase(file, read, interrupt);
    }
  }

  private ExitCode measure(String read, Interrupt interrupt) {
    try (LoadedModel loaded = model.open(PRESET_CONTEXT)) {
      TextChunks cut = cut(loaded, read);
      var run = new PerplexityRun(terminal, interrupt, loaded, cut, limited(cut.count()));
      run.read(List.of());
      return print(run, loaded, new Comparison.None());
    }
  }

  private ExitCode writeBase(Path file, String read, Interrupt interrupt) {
    try (LoadedModel loaded = model.open(PRESET_CONTEXT)) {
      TextChunks cut = cut(loaded, read);
      int written = limited(cut.count());
      try (var writer = new KlBaseWriter(file, cut, loaded.dimensions().vocabulary(), written)) {
        var run = new PerplexityRun(terminal, interrupt, loaded, cut, written);
        if (!run.read(List.of(writer))) {
          return print(run, loaded, new Comparison.None());
        }
        writer.finish();
        return print(run, loaded, new Comparison.Written(file));
      }
    }
  }

  /** Chunks and their length are the base's where the user does not say. */
  private ExitCode compare(Path file, String read, Interrupt interrupt) {
    try (var reader = new KlBaseReader(file);
        LoadedModel loaded = model.open(reader.header().context())) {
      TextChunks cut = cut(loaded, read);
      int compared = limited(reader.header().chunks());
      reader.requireSame(cut, loaded.dimensions().vocabulary(), compared);
      var divergence = new KlDivergence(reader, compared);
      var run = new PerplexityRun(terminal, interrupt, loaded, cut, compared);
      run.read(List.of(divergence));
      return print(
          run,
          loaded,
          run.perplexity().scored() == 0
              ? new Comparison.None()
              : new Comparison.With(file, divergence.report()));
    }
  }

  private TextChunks cut(LoadedModel loaded, String read) {
    terminal.progress("splitting the text into tokens");
    return new TextChunks(loaded.tokenizer(), read, loaded.contextTokens());
  }

  private int limited(int most) {
    return chunks.getValue() instanceof Integer wanted ? Math.min(wanted, most) : most;
  }

  private ExitCode print(PerplexityRun run, LoadedModel loaded, Comparison comparison) {
    terminal.clearProgress();
    if (json.<Boolean>getValue()) {
      var report = PerplexityReport.of(run, loaded, text.getValue(), comparison);
      terminal.out().println(Json.pretty(report));
    } else {
      comparison.lines().forEach(terminal.out()::println);
      run.lines().forEach(terminal.out()::println);
    }
    terminal.out().flush();
    if (verbose.<Boolean>getValue() || terminal.interactive()) {
      terminal.error().println(run.closingLine());
    }
    return run.complete() ? ExitCode.SUCCESS : ExitCode.INTERRUPTED;
  }
}
