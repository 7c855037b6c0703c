package dev.tonnage.cli;

import dev.tonnage.sample.Penalties;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.sample.Truncation;
import java.util.SplittableRandom;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of sampling, by the names users know. */
final class SamplingOptions {

  private final OptionSpec temperature =
      Options.preset(
          Double.class,
          "T",
          "0.8",
          "Temperature; 0 always takes the most probable token. Default: ${DEFAULT-VALUE}.",
          "--temp",
          "--temperature");

  private final OptionSpec topK =
      Options.preset(
          Integer.class,
          "N",
          "40",
          "Draw from the N most probable; 0 for all. Default: ${DEFAULT-VALUE}.",
          "--top-k");

  private final OptionSpec topP =
      Options.preset(
          Double.class,
          "P",
          "0.95",
          "Draw from the most probable that together reach P. Default: ${DEFAULT-VALUE}.",
          "--top-p");

  private final OptionSpec minP =
      Options.preset(
          Double.class,
          "P",
          "0.05",
          "Draw from those at least P times as probable as the first. Default: ${DEFAULT-VALUE}.",
          "--min-p");

  private final OptionSpec repeatPenalty =
      Options.preset(
          Double.class,
          "X",
          "1.0",
          "Penalty for repeated tokens; 1 for none. Default: ${DEFAULT-VALUE}.",
          "--repeat-penalty");

  private final OptionSpec repeatLastN =
      Options.preset(
          Integer.class,
          "N",
          "64",
          "How far back a token counts as repeated; -1: all. Default: ${DEFAULT-VALUE}.",
          "--repeat-last-n");

  private final OptionSpec seed =
      Options.value(
          Long.class,
          "N",
          "Seed of the draws. Default: another each time; it is reported.",
          "-s",
          "--seed");

  void addTo(CommandSpec command) {
    command
        .addOption(temperature)
        .addOption(topK)
        .addOption(topP)
        .addOption(minP)
        .addOption(repeatPenalty)
        .addOption(repeatLastN)
        .addOption(seed);
  }

  SamplerSettings settings() {
    long drawn =
        seed.getValue() instanceof Long given ? given : new SplittableRandom().nextLong() >>> 33;
    return SamplerSettings.defaults()
        .withTemperature(temperature.<Double>getValue())
        .withTruncation(
            Truncation.NONE
                .withTopK(topK.<Integer>getValue())
                .withTopP(topP.<Double>getValue())
                .withMinP(minP.<Double>getValue()))
        .withPenalties(
            Penalties.NONE
                .withRepeat(repeatPenalty.<Double>getValue())
                .withLastN(repeatLastN.<Integer>getValue()))
        .withSeed(drawn);
  }
}
