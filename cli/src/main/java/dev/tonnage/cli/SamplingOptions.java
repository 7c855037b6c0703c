package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.sample.Mirostat;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.sample.StageName;
import dev.tonnage.sample.Truncation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of sampling, by the names users know. None is ignored: what cannot be is refused. */
final class SamplingOptions {

  private static final SamplerSettings PRESET = SamplerSettings.defaults();

  /** The stages whose place Mirostat takes. */
  private static final Set<StageName> NOT_BESIDE_MIROSTAT =
      Set.of(
          StageName.TOP_N_SIGMA,
          StageName.TOP_K,
          StageName.TYPICAL,
          StageName.TOP_P,
          StageName.MIN_P,
          StageName.XTC);

  private final OptionSpec temperature =
      Options.value(
          Double.class,
          "T",
          "Temperature; 0 always takes the most probable token. Default: "
              + PRESET.temperature()
              + ".",
          "--temp",
          "--temperature");

  private final OptionSpec order =
      Options.value(
          String.class,
          "NAMES",
          "The stages that happen, in this order, joined by semicolons. Default: "
              + names(PRESET.order())
              + ".",
          "--samplers");

  private final OptionSpec seed =
      Options.value(
          Long.class,
          "N",
          "Seed of the draws. Default: another each time; it is reported.",
          "-s",
          "--seed");

  private final TruncationOptions truncation = new TruncationOptions();
  private final PenaltyOptions penalties = new PenaltyOptions();
  private final DryOptions dry = new DryOptions();
  private final XtcOptions xtc = new XtcOptions();
  private final MirostatOptions mirostat = new MirostatOptions();
  private final LogitBiasOption logitBias = new LogitBiasOption();

  void addTo(CommandSpec command) {
    stages().values().forEach(options -> options.forEach(command::addOption));
    mirostat.options().forEach(command::addOption);
    command.addOption(logitBias.option()).addOption(order).addOption(seed);
  }

  /** The options of each stage. */
  private Map<StageName, List<OptionSpec>> stages() {
    Map<StageName, List<OptionSpec>> stages = new EnumMap<>(truncation.stages());
    stages.put(StageName.PENALTIES, penalties.options());
    stages.put(StageName.DRY, dry.options());
    stages.put(StageName.XTC, xtc.options());
    stages.put(StageName.TEMPERATURE, List.of(temperature));
    return stages;
  }

  /**
   * What the user wants.
   *
   * @throws BadRequest for values out of range, and for options that exclude each other
   */
  SamplerSettings settings() {
    Mirostat chosen = mirostat.mirostat();
    boolean truncates = chosen.version() == 0;
    SamplerSettings settings =
        PRESET
            .withLogitBias(logitBias.logitBias())
            .withTemperature(Options.given(temperature, PRESET.temperature()))
            .withTruncation(
                truncation.truncation(truncates ? PRESET.truncation() : Truncation.NONE))
            .withPenalties(penalties.penalties())
            .withDry(dry.dry())
            .withXtc(xtc.xtc())
            .withOrder(StageName.order(Options.given(order, names(PRESET.order()))))
            .withSeed(Options.given(seed, new SplittableRandom().nextLong() >>> 33));
    for (StageName stage : StageName.values()) {
      if (!settings.order().contains(stage)) {
        requireNotGiven(stage, settings);
      } else if (!truncates && NOT_BESIDE_MIROSTAT.contains(stage)) {
        requireNotBesideMirostat(stage, settings);
      }
    }
    return settings.withMirostat(chosen);
  }

  /** A stage does not happen, but it was asked for. */
  private void requireNotGiven(StageName stage, SamplerSettings settings) {
    for (OptionSpec option : stages().get(stage)) {
      if (Options.isGiven(option) && settings.asksFor(stage)) {
        throw new BadRequest(
            option.longestName(),
            stage + " among --samplers beside it",
            "--samplers " + names(settings.order()),
            "add it or leave out " + option.longestName());
      }
    }
  }

  private void requireNotBesideMirostat(StageName stage, SamplerSettings settings) {
    String found =
        settings.asksFor(stage)
            ? stages().get(stage).getFirst().longestName()
            : "--samplers with " + stage;
    if (settings.asksFor(stage) || Options.isGiven(order)) {
      throw new BadRequest(
          "--mirostat 2",
          "no truncation and no XTC beside it, whose place it takes",
          found,
          "leave out one of them");
    }
  }

  private static String names(List<StageName> order) {
    return order.stream().map(StageName::toString).collect(Collectors.joining(";"));
  }
}
