package dev.tonnage.cli;

import dev.tonnage.cli.ModelOptions.CacheType;
import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.plan.CataloguedMachine;
import dev.tonnage.plan.CataloguedModel;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.MachineCatalogue;
import dev.tonnage.plan.ModelCatalogue;
import dev.tonnage.plan.Plan;
import dev.tonnage.plan.QuantMix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage plan}: what a model takes on a machine, before it is downloaded. */
final class PlanCommand implements Command {

  private static final String THIS = "this";

  private final PositionalParamSpec model =
      PositionalParamSpec.builder()
          .type(String.class)
          .index("0")
          .arity("1")
          .required(true)
          .paramLabel("MODEL")
          .description("A name of the catalogue, a GGUF file, or a folder of safetensors.")
          .build();

  private final OptionSpec machine =
      Options.preset(
          String.class,
          "NAME",
          THIS,
          "A machine of the catalogue with its memory, like m3-ultra-512. Default: this one.",
          "--machine");

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

  private final OptionSpec json = Options.flag("As JSON.", "--json");

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
      "Says whether a model fits a machine, from its shapes, and how fast it can be at most."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(model);
    for (OptionSpec option : List.of(machine, mixes, contexts, users, cache, json)) {
      command.addOption(option);
    }
  }

  @Override
  public ExitCode run() {
    Optional<CataloguedMachine> other = other();
    List<PlanRow> rows = new ArrayList<>();
    String source;
    String name = model.getValue();
    Kernels kernels = KernelChoice.make(0).kernels();
    try {
      if (Files.exists(Path.of(name))) {
        refuseMixes();
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(name))) {
          source = "the file's header";
          List<PlanRow> own = rows(checkpoint, checkpoint.name(), "as it is", other, kernels);
          own.forEach(row -> rows.add(other.isPresent() ? row : row.runBy(Path.of(name))));
        }
      } else {
        CataloguedModel known = ModelCatalogue.own().model(name);
        source = known.source();
        for (QuantMix mix : mixes(known)) {
          rows.addAll(rows(known.header(mix), known.title(), mix.name(), other, kernels));
        }
      }
    } finally {
      kernels.release();
    }
    var report = PlanReport.of(rows, source, other);
    if (json.<Boolean>getValue()) {
      terminal.out().println(Json.pretty(report));
    } else {
      new PlanTable(terminal).print(report);
    }
    return ExitCode.SUCCESS;
  }

  private Optional<CataloguedMachine> other() {
    String name = machine.getValue();
    return name.equals(THIS) ? Optional.empty() : Optional.of(MachineCatalogue.own().machine(name));
  }

  private void refuseMixes() {
    if (Options.isGiven(mixes)) {
      throw new BadRequest(
          "--quant", "a name of the catalogue", "a file", "leave it out: the file has its formats");
    }
  }

  private List<QuantMix> mixes(CataloguedModel known) {
    if (!Options.isGiven(mixes)) {
      boolean isOfExperts = known.dimensions().architecture().equals("gpt-oss");
      return List.of(isOfExperts ? QuantMix.MXFP4_MOE : QuantMix.Q4_K_M);
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

  private List<PlanRow> rows(
      ModelHeader header,
      String title,
      String format,
      Optional<CataloguedMachine> other,
      Kernels kernels) {
    List<PlanRow> rows = new ArrayList<>();
    for (int tokens : contexts(Architectures.dimensions(header))) {
      CacheType type = cache.getValue();
      LoadSettings settings =
          LoadSettings.defaults()
              .withContext(tokens)
              .withStreams(users.<Integer>getValue())
              .withCache(type.type(), type.type());
      Plan plan =
          other.isPresent()
              ? Plan.of(header, settings, other.get(), kernels)
              : Plan.ofThis(header, settings, kernels);
      rows.add(PlanRow.of(title, format, type.name().toLowerCase(Locale.ROOT), plan));
    }
    return rows;
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
