package dev.tonnage.cli;

import dev.tonnage.cli.ModelOptions.CacheType;
import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Phase;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.DefaultModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What {@code tonnage bench} is asked for: lists whose every combination is a test. */
final class BenchOptions {

  /** The form of the results. */
  enum Form {
    MD,
    CSV,
    JSON
  }

  private final PositionalParamSpec files =
      PositionalParamSpec.builder()
          .type(List.class)
          .auxiliaryTypes(Path.class)
          .index("0..*")
          .arity("0..*")
          .paramLabel("FILE")
          .description("GGUF files. Default: the small model inside.")
          .build();

  private final OptionSpec models =
      OptionSpec.builder("-m", "--model")
          .type(Path[].class)
          .arity("1")
          .paramLabel("FILE")
          .description("A GGUF file, like one without -m.")
          .build();

  private final OptionSpec prompts =
      numbers("512", "Tokens of a prompt; 0: no prompt is read.", "-p", "--n-prompt");

  private final OptionSpec generated =
      numbers("128", "Tokens to generate; 0: none are.", "-n", "--n-gen");

  private final OptionSpec depths =
      numbers("0", "Tokens that are there before a test begins.", "-d", "--n-depth");

  private final OptionSpec streams = numbers("1", "Sequences that generate together.", "--streams");

  private final OptionSpec threads =
      Options.list(
              Integer[].class, "N", "Threads that compute. Default: all cores.", "-t", "--threads")
          .build();

  private final OptionSpec keys = cached("keys", "-ctk", "--cache-type-k");

  private final OptionSpec values = cached("values", "-ctv", "--cache-type-v");

  private final OptionSpec repetitions =
      Options.preset(
          Integer.class,
          "N",
          "5",
          "Repetitions of each test. Default: ${DEFAULT-VALUE}.",
          "-r",
          "--repetitions");

  private final OptionSpec noWarmup =
      Options.flag("Leave out the repetition before these, which is not counted.", "--no-warmup");

  private final OptionSpec form =
      Options.preset(
          Form.class,
          "FORM",
          "md",
          "Form of the results: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
          "-o",
          "--output");

  private static OptionSpec numbers(String preset, String description, String... names) {
    return Options.list(Integer[].class, "N", description + " Default: ${DEFAULT-VALUE}.", names)
        .defaultValue(preset)
        .build();
  }

  private static OptionSpec cached(String what, String... names) {
    return Options.list(
            CacheType[].class,
            "TYPE",
            "How " + what + " are cached: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            names)
        .defaultValue("f16")
        .build();
  }

  void addTo(CommandSpec command) {
    command.addPositional(files);
    for (OptionSpec option :
        List.of(
            models,
            prompts,
            generated,
            depths,
            streams,
            threads,
            keys,
            values,
            repetitions,
            noWarmup,
            form)) {
      command.addOption(option);
    }
  }

  /** What opens each model. */
  List<Supplier<Checkpoint>> models() {
    List<Path> named = new ArrayList<>();
    if (models.getValue() instanceof Path[] paths) {
      named.addAll(List.of(paths));
    }
    if (files.getValue() instanceof List<?> paths) {
      paths.forEach(path -> named.add((Path) path));
    }
    return named.isEmpty()
        ? List.of(DefaultModel::open)
        : named.stream().<Supplier<Checkpoint>>map(path -> () -> Checkpoint.open(path)).toList();
  }

  /**
   * How each model is opened, one after the other, with memory for all tests.
   *
   * @throws BadRequest if there is no such number of threads or streams
   */
  List<LoadSettings> settings() {
    int mostStreams = tests().stream().mapToInt(BenchTest::streams).max().orElseThrow();
    LoadSettings plain = LoadSettings.defaults().withStreams(mostStreams);
    List<LoadSettings> settings = new ArrayList<>();
    for (CacheType key : keys.<CacheType[]>getValue()) {
      for (CacheType value : values.<CacheType[]>getValue()) {
        for (int members : Options.given(threads, new Integer[] {plain.threads()})) {
          settings.add(plain.withCache(key.type(), value.type()).withThreads(members));
        }
      }
    }
    return settings;
  }

  /**
   * What is timed on each opened model.
   *
   * @throws BadRequest if that is nothing, or a number is out of range
   */
  List<BenchTest> tests() {
    List<BenchTest> tests = new ArrayList<>();
    for (int depth : atLeast(0, depths)) {
      for (int tokens : atLeast(0, prompts)) {
        tests.add(new BenchTest(Phase.PROMPT, tokens, depth, 1));
      }
      for (int together : atLeast(1, streams)) {
        for (int tokens : atLeast(0, generated)) {
          tests.add(new BenchTest(Phase.GENERATION, tokens, depth, together));
        }
      }
    }
    tests.removeIf(test -> test.tokens() == 0);
    if (tests.isEmpty()) {
      throw new BadRequest(
          "-p and -n", "a test", "no tokens to read or to generate", "name a number above 0");
    }
    return tests;
  }

  /**
   * How often each test is timed.
   *
   * @throws BadRequest if it is never
   */
  int repetitions() {
    int count = repetitions.getValue();
    if (count < 1) {
      throw new BadRequest("--repetitions", "at least 1", count + "", "leave it out for 5");
    }
    return count;
  }

  boolean warmup() {
    return !noWarmup.<Boolean>getValue();
  }

  /**
   * The form of the results.
   *
   * @param models that will be timed
   */
  BenchOutput output(Terminal terminal, List<BenchModel> models) {
    return switch (form.<Form>getValue()) {
      case MD ->
          new BenchTable(terminal, extraColumns(), models.stream().map(BenchModel::name).toList());
      case CSV -> new BenchCsv(terminal);
      case JSON -> new BenchJson(terminal);
    };
  }

  private Set<BenchTable.Extra> extraColumns() {
    var extra = EnumSet.noneOf(BenchTable.Extra.class);
    boolean halves =
        Stream.of(keys, values)
            .flatMap(option -> Stream.of(option.<CacheType[]>getValue()))
            .allMatch(type -> type == CacheType.F16);
    if (!halves) {
      extra.add(BenchTable.Extra.CACHE_TYPES);
    }
    if (Stream.of(streams.<Integer[]>getValue()).anyMatch(count -> count > 1)) {
      extra.add(BenchTable.Extra.STREAMS);
    }
    return extra;
  }

  private static Integer[] atLeast(int least, OptionSpec option) {
    Integer[] numbers = option.getValue();
    for (int number : numbers) {
      if (number < least) {
        throw new BadRequest(
            option.longestName(), "numbers of at least " + least, number + "", "correct it");
      }
    }
    return numbers;
  }
}
