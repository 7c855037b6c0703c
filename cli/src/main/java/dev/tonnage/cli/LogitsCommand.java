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
import java.util.stream.IntStream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code tonnage logits}: what a model computes, for comparing with other engines. */
final class LogitsCommand implements Command {

  private final OptionSpec tokens =
      OptionSpec.builder("--tokens")
          .type(int[].class)
          .splitRegex(",")
          .paramLabel("ID")
          .description("Ids: 1,2,3")
          .build();

  private final OptionSpec text =
      Options.value(
          String.class,
          "TEXT",
          "A text, with a begin token where the model wants one; - reads it.",
          "--text");

  private final ModelOptions model = new ModelOptions();

  private final OptionSpec special =
      Options.flag("Special tokens in the text are tokens.", "--special");

  private final OptionSpec top =
      Options.preset(
          Integer.class,
          "N",
          "20",
          "How many of each position. Default: ${DEFAULT-VALUE}.",
          "--top");

  private final OptionSpec out =
      Options.value(
          Path.class,
          "FILE.npy",
          "Write all logits, [positions, vocabulary] floats, as NumPy reads them.",
          "--out");

  private final Terminal terminal;

  LogitsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "logits";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Reads tokens and prints the best logits of every position as JSON:",
      "{\"model\": …, \"tokens\": [1, 2, …], \"top20\": [[[id, logit], … best first], … by position]}"
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addArgGroup(
        ArgGroupSpec.builder()
            .exclusive(true)
            .multiplicity("1")
            .addArg(tokens)
            .addArg(text)
            .build());
    model.addTo(command);
    command.addOption(special).addOption(top).addOption(out);
  }

  @Override
  public ExitCode run() {
    int most = top.getValue();
    if (most < 0) {
      throw new BadRequest("--top", "a count", most + "", "leave it out for 20");
    }
    try (LoadedModel loaded = model.open();
        Session session = loaded.session()) {
      int[] ids = ids(loaded);
      List<List<List<Number>>> best = new ArrayList<>();
      int vocabulary = loaded.dimensions().vocabulary();
      try (var file =
          Optional.<Path>ofNullable(out.getValue())
              .map(path -> new NpyFile(path, ids.length, vocabulary))
              .orElse(null)) {
        session.readEach(
            ids,
            (position, logits) -> {
              best.add(best(logits, most));
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
      report.put("top" + most, best);
      terminal.out().println(Json.line(report));
      return ExitCode.SUCCESS;
    }
  }

  private int[] ids(LoadedModel loaded) {
    if (tokens.getValue() instanceof int[] ids) {
      return ids;
    }
    String given = text.getValue();
    String read = given.equals("-") ? terminal.readInput() : given;
    return loaded
        .tokenizer()
        .encodePrompt(
            read, special.<Boolean>getValue() ? SpecialTokens.PARSED : SpecialTokens.AS_TEXT);
  }

  /** The greatest as pairs of id and logit, equal ones in the order of ids. */
  private List<List<Number>> best(float[] logits, int most) {
    float[] values = Arrays.copyOf(logits, logits.length);
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer id) -> -values[id])
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .map(id -> List.<Number>of(id, values[id]))
        .toList();
  }
}
