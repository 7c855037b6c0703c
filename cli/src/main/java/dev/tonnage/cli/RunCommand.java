package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.os.ProcessMemory;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.session.Completion;
import dev.tonnage.session.Generator;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.text.SpecialTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage run}: continues a prompt. */
final class RunCommand implements Command {

  private final PositionalParamSpec prompt =
      PositionalParamSpec.builder()
          .type(String.class)
          .index("0")
          .arity("1")
          .required(true)
          .paramLabel("PROMPT")
          .description("The text to continue; - reads standard input.")
          .build();

  private final ModelOptions model = new ModelOptions();

  private final SamplingOptions sampling = new SamplingOptions();

  private final OptionSpec mostTokens =
      Options.value(
          Integer.class,
          "N",
          "Tokens at most. Default: until the model ends or the context is full.",
          "-n",
          "--max-tokens");

  private final OptionSpec echo = Options.flag("Print the prompt, too.", "--echo");

  private final OptionSpec special =
      Options.flag(
          "Special tokens such as <|eot_id|> in the prompt are tokens, not text.", "--special");

  private final OptionSpec json = Options.flag("Print one JSON object when all is done.", "--json");

  private final OptionSpec verbose =
      Options.flag(
          "Print the closing line also where standard error is no terminal.", "-v", "--verbose");

  private final Terminal terminal;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Continues a prompt. Standard output is the continuation and nothing else.",
      "Tokens are drawn from what a chain of stages leaves: see --samplers."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(prompt);
    model.addTo(command);
    sampling.addTo(command);
    command
        .addOption(mostTokens)
        .addOption(echo)
        .addOption(special)
        .addOption(json)
        .addOption(verbose);
  }

  /** The form of {@code --json}; rates in tokens per second, {@code null} where unknown. */
  record Report(
      String model,
      String prompt,
      List<Integer> promptIds,
      List<Integer> ids,
      String text,
      String end,
      long seed,
      SamplerSettings sampling,
      Double promptTokensPerSecond,
      Double generationTokensPerSecond,
      long memoryBytes) {}

  @Override
  public ExitCode run() {
    int limit = mostTokens.getValue() instanceof Integer count ? count : Integer.MAX_VALUE;
    if (limit < 0) {
      throw new BadRequest("--max-tokens", "a count", limit + "", "leave it out for no limit");
    }
    String given = prompt.getValue();
    String text = given.equals("-") ? terminal.readInput() : given;
    boolean asJson = json.getValue();
    boolean echoed = echo.getValue();
    SamplerSettings settings = sampling.settings();
    terminal.progress("loading the model");
    try (LoadedModel loaded = model.open();
        var interrupt = new Interrupt()) {
      int[] ids =
          loaded
              .tokenizer()
              .encodePrompt(
                  text, special.<Boolean>getValue() ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT);
      var listener = new Printer(terminal, interrupt, echoed && !asJson ? text : "", asJson);
      Completion completion = new Generator(loaded).generate(ids, settings, limit, listener);
      if (asJson) {
        terminal.out().println(Json.pretty(report(loaded, text, ids, completion, settings)));
      }
      terminal.endOfText();
      terminal.clearProgress();
      if (verbose.<Boolean>getValue() || terminal.interactive()) {
        terminal.error().println(closingLine(completion, settings, loaded));
      }
      return listener.exitCode(completion);
    }
  }

  private static Report report(
      LoadedModel loaded, String prompt, int[] ids, Completion completion, SamplerSettings s) {
    return new Report(
        loaded.name(),
        prompt,
        Arrays.stream(ids).boxed().toList(),
        completion.ids(),
        completion.text(),
        word(completion.end()),
        s.seed(),
        s,
        known(completion.promptRate()),
        known(completion.generationRate()),
        ProcessMemory.peakBytes().orElse(loaded.takenBytes()));
  }

  private static Double known(double rate) {
    return Double.isNaN(rate) ? null : Double.valueOf(Math.round(rate * 100) / 100.0);
  }

  private static String closingLine(Completion c, SamplerSettings settings, LoadedModel loaded) {
    return String.format(
        Locale.ROOT,
        "[%d prompt tokens%s; %d tokens%s, ended by %s; memory %s; %s; seed %d]",
        c.promptTokens(),
        rate(c.promptRate()),
        c.ids().size(),
        rate(c.generationRate()),
        word(c.end()),
        MemoryPlan.gib(ProcessMemory.peakBytes().orElse(loaded.takenBytes())),
        loaded.computeDescription(),
        settings.seed());
  }

  private static String rate(double rate) {
    return Double.isNaN(rate) ? "" : String.format(Locale.ROOT, ", %.1f tok/s", rate);
  }

  private static String word(Completion.End end) {
    return end.name().toLowerCase(Locale.ROOT);
  }

  /** Prints pieces as they come, and says when nobody wants them any more. */
  private static final class Printer implements Generator.Listener {

    private final Terminal terminal;
    private final Interrupt interrupt;
    private final String echo;
    private final boolean silent;

    Printer(Terminal terminal, Interrupt interrupt, String echo, boolean silent) {
      this.terminal = terminal;
      this.interrupt = interrupt;
      this.echo = echo;
      this.silent = silent;
    }

    @Override
    public void read(int done, int total) {
      terminal.progress("reading the prompt: " + done + " of " + total + " tokens");
      if (done == total) {
        terminal.clearProgress();
        print(echo);
      }
    }

    @Override
    public void text(String piece) {
      if (!silent) {
        print(piece);
      }
    }

    private void print(String piece) {
      terminal.out().print(piece);
      terminal.out().flush();
    }

    @Override
    public boolean cancelled() {
      return interrupt.requested() || terminal.out().checkError();
    }

    ExitCode exitCode(Completion completion) {
      if (completion.end() != Completion.End.CANCELLED) {
        return ExitCode.SUCCESS;
      }
      return interrupt.requested() ? ExitCode.INTERRUPTED : ExitCode.BROKEN_PIPE;
    }
  }
}
