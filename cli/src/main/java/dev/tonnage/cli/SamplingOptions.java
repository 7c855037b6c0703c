package dev.tonnage.cli;

import dev.tonnage.sample.SamplerSettings;
import java.util.SplittableRandom;
import picocli.CommandLine.Option;

/** The options of sampling, by the names users know. */
final class SamplingOptions {

  @Option(
      names = {"--temp", "--temperature"},
      paramLabel = "T",
      defaultValue = "0.8",
      description =
          "Temperature; 0 always takes the most probable token. Default: ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "40",
      description = "Draw from the N most probable; 0 for all. Default: ${DEFAULT-VALUE}.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "0.95",
      description = "Draw from the most probable that together reach P. Default: ${DEFAULT-VALUE}.")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0.05",
      description =
          "Draw from those at least P times as probable as the first. Default: ${DEFAULT-VALUE}.")
  private double minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      defaultValue = "1.0",
      description = "Penalty for repeated tokens; 1 for none. Default: ${DEFAULT-VALUE}.")
  private double repeatPenalty;

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      defaultValue = "64",
      description = "How far back a token counts as repeated; -1: all. Default: ${DEFAULT-VALUE}.")
  private int repeatLastN;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "N",
      description = "Seed of the draws. Default: another each time; it is reported.")
  private Long seed;

  SamplerSettings settings() {
    long drawn = seed != null ? seed : new SplittableRandom().nextLong() >>> 33;
    return new SamplerSettings(temperature, topK, topP, minP, repeatPenalty, repeatLastN, drawn);
  }
}
