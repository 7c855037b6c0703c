package dev.tonnage.cli;

import dev.tonnage.cli.ModelOptions.CacheType;
import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.plan.CataloguedModel;
import dev.tonnage.plan.Choice;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.QuantMix;
import dev.tonnage.plan.Remedy;
import dev.tonnage.plan.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage plan}: what a model takes on a machine, before it is downloaded. */
final class PlanCommand implements Command {

  /** What is searched for, if nobody names a context. */
  private static final int SEARCH_CONTEXT_TOKENS = 8192;

  private final PlanMachines machines = new PlanMachines();

  private final PositionalParamSpec model =
      PositionalParamSpec.builder()
          .type(String.class)
          .index("0")
          .arity("0..1")
          .paramLabel("MODEL")
          .description(
              "A name of the catalogue, a GGUF file, or a folder of safetensors. None with"
                  + " --what-fits.")
          .build();

  private final OptionSpec mixes =
      Options.list(
              String[].class,
              "MIX",
              "Mixes of formats, like Q4_K_M, or all; of a name of the catalogue alone."
                  + " Default: Q4_K_M, of gpt-oss MXFP4_MOE.",
              "--quant")
          .build();

  private final OptionSpec contexts =
      Options.list(
              Integer[].class,
              "N",
              "Tokens the context holds. Default: 4096 and 32768, or what the model was trained for.",
              "-c",
              "--context")
          .build();

  private final OptionSpec users =
      Options.preset(
          Integer.class,
          "N",
          "1",
          "Sequences at once, each with a full context. Default: ${DEFAULT-VALUE}.",
          "--users");

  private final OptionSpec cache =
      Options.preset(
          CacheType.class,
          "TYPE",
          "f16",
          "How keys and values are cached: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
          "--kv");

  private final OptionSpec price =
      Options.value(
          Double.class, "PRICE", "Of a kilowatt hour, to say what tokens cost.", "--kwh-price");

  private final OptionSpec whatFits =
      Options.flag("Which models of the catalogue fit the machine, the best first.", "--what-fits");

  private final OptionSpec buy =
      Options.flag("Which machines of the catalogue run the model, the smallest first.", "--buy");

  private final OptionSpec rate =
      Options.value(
          Double.class,
          "TOK/S",
          "What --buy wants at least, of each user. Default: 5.3.",
          "--rate");

  private final OptionSpec json = Options.flag("As JSON.", "--json");

  private final OptionSpec html =
      Options.value(
          Path.class, "FILE", "Writes one page with plots, which needs nothing else.", "--html");

  private final Terminal terminal;

  PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Says whether a model fits a machine, how fast it will be there, and what it is good for."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(model);
    machines.addTo(command);
    for (OptionSpec option :
        List.of(mixes, contexts, users, cache, price, whatFits, buy, rate, json, html)) {
      command.addOption(option);
    }
  }

  @Override
  public ExitCode run() {
    requireWhatMakesSense();
    Kernels kernels = KernelChoice.make(0).kernels();
    try {
      if (whatFits.<Boolean>getValue()) {
        print(Choice.thatFit(machines.site(kernels), machines.models().models(), firstSettings()));
      } else if (buy.<Boolean>getValue()) {
        CataloguedModel known = machines.models().model(model.getValue());
        print(
            Choice.toBuy(
                known,
                mixes(known),
                machines.machines().machines().stream()
                    .map(machine -> new Site.Elsewhere(machine, kernels))
                    .toList(),
                firstSettings(),
                Options.given(rate, Choice.READING_TOKENS_PER_SECOND)));
      } else {
        print(report(machines.site(kernels), model.getValue()));
      }
      return ExitCode.SUCCESS;
    } finally {
      kernels.release();
    }
  }

  private void requireWhatMakesSense() {
    boolean isSearch = whatFits.getValue();
    if (isSearch == (model.getValue() != null)) {
      throw new BadRequest(
          "MODEL",
          isSearch ? "none with --what-fits" : "a name of the catalogue, a file or a folder",
          isSearch ? model.getValue() : "none",
          "'tonnage plan --what-fits' names the models of the catalogue that fit");
    }
    if (Options.isGiven(rate) && !buy.<Boolean>getValue()) {
      throw new BadRequest("--rate", "--buy beside it", "it alone", "add --buy or leave it out");
    }
  }

  private void print(List<Choice> choices) {
    List<ChoiceTable.Row> rows = choices.stream().map(ChoiceTable.Row::of).toList();
    if (json.<Boolean>getValue()) {
      terminal.out().println(Json.pretty(rows));
    } else if (rows.isEmpty()) {
      terminal.out().println("none of the catalogue");
    } else {
      new ChoiceTable(terminal).print(rows);
    }
  }

  private void print(PlanReport report) {
    if (html.getValue() instanceof Path file) {
      TextFile.write(file, PlanPage.of(report));
    }
    if (json.<Boolean>getValue()) {
      terminal.out().println(Json.pretty(report));
    } else {
      new PlanTable(terminal).print(report);
    }
  }

  private PlanReport report(Site site, String name) {
    if (Files.exists(Path.of(name))) {
      refuseMixes();
      try (Checkpoint file = Checkpoint.open(Path.of(name))) {
        var subject = new PlanSubject(file.name(), "as it is", file, name);
        return planner(site, file)
            .report("the file's header", List.of(subject), _ -> Optional.empty());
      }
    }
    CataloguedModel known = machines.models().model(name);
    List<PlanSubject> subjects = new ArrayList<>();
    for (QuantMix mix : mixes(known)) {
      subjects.add(new PlanSubject(known.title(), mix.name(), known.header(mix), ""));
    }
    return planner(site, subjects.getFirst().header())
        .report(
            known.source(),
            subjects,
            plan -> Remedy.smallerFormat(site, known, plan.capacity().settings(), plan.engine()));
  }

  private LoadSettings settings() {
    CacheType type = cache.getValue();
    return LoadSettings.defaults()
        .withStreams(users.<Integer>getValue())
        .withCache(type.type(), type.type());
  }

  /** With the first context that was named. */
  private LoadSettings firstSettings() {
    return settings()
        .withContext(
            Options.isGiven(contexts) ? contexts.<Integer[]>getValue()[0] : SEARCH_CONTEXT_TOKENS);
  }

  private Planner planner(Site site, ModelHeader header) {
    return new Planner(
        site,
        settings(),
        contexts(Architectures.dimensions(header)),
        price.getValue() instanceof Double each ? OptionalDouble.of(each) : OptionalDouble.empty());
  }

  private void refuseMixes() {
    if (Options.isGiven(mixes)) {
      throw new BadRequest(
          "--quant", "a name of the catalogue", "a file", "leave it out: the file has its formats");
    }
  }

  private List<QuantMix> mixes(CataloguedModel known) {
    if (!Options.isGiven(mixes)) {
      return List.of(known.usualMix());
    }
    List<QuantMix> wanted = new ArrayList<>();
    for (String mix : mixes.<String[]>getValue()) {
      if (mix.equals("all")) {
        wanted.addAll(Arrays.asList(QuantMix.values()));
      } else {
        wanted.add(
            QuantMix.of(mix)
                .orElseThrow(() ->
                    new BadRequest(
                        "--quant",
                        "all, or some of " + String.join(", ", QuantMix.names()),
                        mix,
                        "correct it")));
      }
    }
    return wanted;
  }

  private List<Integer> contexts(Dimensions dimensions) {
    if (Options.isGiven(contexts)) {
      return List.of(contexts.<Integer[]>getValue());
    }
    int trained = dimensions.contextTokens();
    return List.of(4096, 32_768).stream()
        .map(tokens -> Math.min(tokens, trained))
        .distinct()
        .toList();
  }
}
