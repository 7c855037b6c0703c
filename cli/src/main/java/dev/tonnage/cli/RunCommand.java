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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tonnage run}: continues a prompt. */
@Command(
    name = "run",
    description = {
      "Continues a prompt. Standard output is the continuation and nothing else.",
      "Sampling goes through, in this order: repetition penalty, top-k, top-p, min-p, temperature."
    })
final class RunCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PROMPT", description = "The text to continue; - reads standard input.")
  private String prompt;

  @Mixin private ModelOptions model;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      description = "Tokens at most. Default: until the model ends or the context is full.")
  private Integer mostTokens;

  @Option(names = "--echo", description = "Print the prompt, too.")
  private boolean echo;

  @Option(
      names = "--special",
      description = "Special tokens such as <|eot_id|> in the prompt are tokens, not text.")
  private boolean special;

  @Option(names = "--json", description = "Print one JSON object when all is done.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print the closing line also where standard error is no terminal.")
  private boolean verbose;

  private final Terminal terminal;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
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
      Double promptTokensPerSecond,
      Double generationTokensPerSecond,
      long memoryBytes) {}

  @Override
  public Integer call() {
    if (mostTokens != null && mostTokens < 0) {
      throw new BadRequest("--max-tokens", "a count", mostTokens + "", "leave it out for no limit");
    }
    String text = prompt.equals("-") ? terminal.readInput() : prompt;
    SamplerSettings settings = sampling.settings();
    terminal.progress("loading the model");
    try (LoadedModel loaded = model.open();
        var interrupt = new Interrupt()) {
      int[] ids =
          loaded
              .tokenizer()
              .encodePrompt(text, special ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT);
      var listener = new Printer(terminal, interrupt, json ? "" : echo ? text : "", json);
      int limit = mostTokens == null ? Integer.MAX_VALUE : mostTokens;
      Completion completion = new Generator(loaded).generate(ids, settings, limit, listener);
      if (json) {
        terminal.out().println(Json.pretty(report(loaded, text, ids, completion, settings)));
      }
      terminal.endOfText();
      terminal.clearProgress();
      if (verbose || terminal.interactive()) {
        terminal.error().println(closingLine(completion, settings, loaded));
      }
      return listener.exitCode(completion).number();
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
