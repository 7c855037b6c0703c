package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.eval.MmluSubject;
import dev.tonnage.session.LoadedModel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage eval}: asks questions whose answers are known. */
final class EvalCommand implements Command {

  /** The benchmarks there are. */
  enum Benchmark {
    MMLU
  }

  private final PositionalParamSpec benchmark =
      PositionalParamSpec.builder()
          .type(Benchmark.class)
          .index("0")
          .arity("1")
          .required(true)
          .paramLabel("BENCHMARK")
          .description("Which: ${COMPLETION-CANDIDATES}.")
          .build();

  private final PositionalParamSpec files =
      PositionalParamSpec.builder()
          .type(List.class)
          .auxiliaryTypes(Path.class)
          .index("1..*")
          .arity("1..*")
          .required(true)
          .paramLabel("FILES")
          .description(
              "Files of questions (SUBJECT_test.csv), folders of such, or the folder with test"
                  + " and dev in it.")
          .build();

  private final ModelOptions model = new ModelOptions();

  private final OptionSpec shots =
      Options.preset(
          Integer.class,
          "N",
          "5",
          "Examples before a question; fewer where they do not fit. Default: ${DEFAULT-VALUE}.",
          "--shots");

  private final OptionSpec examples =
      Options.value(
          Path.class,
          "FOLDER",
          "Where the examples are (SUBJECT_dev.csv). Default: the folder dev beside the"
              + " questions' folder.",
          "--dev");

  private final OptionSpec results =
      Options.value(
          Path.class,
          "FILE.jsonl",
          "Where each answer is kept; what is there is not asked again."
              + " Default: mmlu-MODEL.jsonl in this folder.",
          "-o",
          "--output");

  private final OptionSpec json = Options.flag("Print one JSON object when all is done.", "--json");

  private final OptionSpec verbose =
      Options.flag(
          "Print the closing line also where standard error is no terminal.", "-v", "--verbose");

  private final Terminal terminal;

  EvalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "eval";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Asks multiple-choice questions and takes the likeliest letter for the answer.",
      "Prints the share of right ones with its confidence interval of 95 %%: by",
      "subject, over all questions, and as the mean over subjects. Run again after an",
      "interruption, it goes on where it was."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(benchmark).addPositional(files);
    model.addTo(command);
    command
        .addOption(shots)
        .addOption(examples)
        .addOption(results)
        .addOption(json)
        .addOption(verbose);
  }

  @Override
  public ExitCode run() {
    int shown = shots.getValue();
    if (shown < 0) {
      throw new BadRequest("--shots", "a count", shown + "", "leave it out for 5");
    }
    MmluFiles layout =
        examples.getValue() instanceof Path folder
            ? MmluFiles.withExamplesFrom(shown, folder)
            : MmluFiles.besideTheirExamples(shown);
    Collection<MmluSubject> subjects = layout.read(files.getValue());
    terminal.progress("loading the model");
    String fingerprint = model.fingerprint();
    try (var interrupt = new Interrupt();
        LoadedModel loaded = model.open()) {
      Path file = results.getValue() instanceof Path named ? named : beside(loaded.name());
      var settings = MmluResults.Settings.of(loaded, fingerprint, shown);
      try (var kept = new MmluResults(file, settings)) {
        var run = new MmluRun(terminal, interrupt, loaded, settings, kept);
        run.ask(subjects);
        print(run, file);
        return run.complete() ? ExitCode.SUCCESS : ExitCode.INTERRUPTED;
      }
    }
  }

  private static Path beside(String model) {
    return Path.of("mmlu-" + model.replaceFirst("\\.gguf$", "") + ".jsonl");
  }

  private void print(MmluRun run, Path file) {
    terminal.clearProgress();
    if (json.<Boolean>getValue()) {
      terminal.out().println(Json.pretty(run.report(file)));
    } else {
      run.lines().forEach(terminal.out()::println);
    }
    terminal.out().flush();
    if (verbose.<Boolean>getValue() || terminal.interactive()) {
      terminal.error().println(run.closingLine(file));
    }
  }
}
