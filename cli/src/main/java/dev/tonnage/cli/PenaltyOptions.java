package dev.tonnage.cli;

import dev.tonnage.sample.Penalties;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The options of penalties for repeated tokens. */
final class PenaltyOptions {

  private static final Penalties PRESET = Penalties.NONE;

  private final OptionSpec repeat =
      Options.value(
          Double.class,
          "X",
          "Penalty for repeated tokens, however often. Default: off, 1.",
          "--repeat-penalty");

  private final OptionSpec presence =
      Options.value(
          Double.class,
          "X",
          "Subtract X from logits of repeated tokens. Default: off, 0.",
          "--presence-penalty");

  private final OptionSpec frequency =
      Options.value(
          Double.class,
          "X",
          "Subtract X as often as a token was there. Default: off, 0.",
          "--frequency-penalty");

  private final OptionSpec lastN =
      Options.value(
          Integer.class,
          "N",
          "How far back a token counts as repeated; -1: all. Default: " + PRESET.lastN() + ".",
          "--repeat-last-n");

  List<OptionSpec> options() {
    return List.of(repeat, presence, frequency, lastN);
  }

  Penalties penalties() {
    var penalties =
        new Penalties(
            Options.given(repeat, PRESET.repeat()),
            Options.given(presence, PRESET.presence()),
            Options.given(frequency, PRESET.frequency()),
            Options.given(lastN, PRESET.lastN()));
    Options.requireBeside(lastN, repeat, presence, frequency);
    return penalties;
  }
}
