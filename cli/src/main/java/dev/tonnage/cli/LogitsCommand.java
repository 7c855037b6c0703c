package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import dev.tonnage.text.SpecialTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tonnage logits}: what a model computes, for comparing with other engines. */
@Command(
    name = "logits",
    description = {
      "Reads tokens and prints the best logits of every position as JSON:",
      "{\"model\": …, \"tokens\": [1, 2, …], \"top20\": [[[id, logit], … best first], … by position]}"
    })
final class LogitsCommand implements Callable<Integer> {

  /** Tokens, or a text. */
  private static final class Input {
    @Option(names = "--tokens", split = ",", paramLabel = "ID", description = "Ids: 1,2,3")
    private int[] tokens;

    @Option(
        names = "--text",
        paramLabel = "TEXT",
        description = "A text, with a begin token where the model wants one; - reads it.")
    private String text;
  }

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Mixin private ModelOptions model;

  @Option(names = "--special", description = "Special tokens in the text are tokens.")
  private boolean special;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of each position. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Option(
      names = "--out",
      paramLabel = "FILE.npy",
      description = "Write all logits, [positions, vocabulary] floats, as NumPy reads them.")
  private Optional<Path> out = Optional.empty();

  private final Terminal terminal;

  LogitsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (top < 0) {
      throw new BadRequest("--top", "a count", top + "", "leave it out for 20");
    }
    try (LoadedModel loaded = model.open();
        Session session = loaded.session()) {
      int[] ids = ids(loaded);
      List<List<List<Number>>> best = new ArrayList<>();
      int vocabulary = loaded.dimensions().vocabulary();
      try (var file = out.map(path -> new NpyFile(path, ids.length, vocabulary)).orElse(null)) {
        session.readEach(
            ids,
            (position, logits) -> {
              best.add(best(logits));
              if (file != null) {
                file.append(logits);
              }
              terminal.progress("reading: " + (position + 1) + " of " + ids.length + " tokens");
            });
      }
      terminal.clearProgress();
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", loaded.name());
      report.put("compute", loaded.computeDescription());
      report.put("tokens", ids);
      report.put("top" + top, best);
      terminal.out().println(Json.line(report));
      return ExitCode.SUCCESS.number();
    }
  }

  private int[] ids(LoadedModel loaded) {
    if (input.tokens != null) {
      return input.tokens;
    }
    String text = input.text.equals("-") ? terminal.readInput() : input.text;
    return loaded
        .tokenizer()
        .encodePrompt(text, special ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT);
  }

  /** The greatest as pairs of id and logit, equal ones in the order of ids. */
  private List<List<Number>> best(float[] logits) {
    float[] values = Arrays.copyOf(logits, logits.length);
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer id) -> -values[id])
                .thenComparing(Comparator.naturalOrder()))
        .limit(top)
        .map(id -> List.<Number>of(id, values[id]))
        .toList();
  }
}
