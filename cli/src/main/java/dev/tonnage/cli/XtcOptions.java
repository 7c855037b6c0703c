package dev.tonnage.cli;

import dev.tonnage.sample.Xtc;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The options of excluding top choices. */
final class XtcOptions {

  private static final Xtc PRESET = Xtc.OFF;

  private final OptionSpec probability =
      Options.value(
          Double.class,
          "P",
          "How often to exclude all but the last of the top choices (XTC). Default: off, 0.",
          "--xtc-probability");

  private final OptionSpec threshold =
      Options.value(
          Double.class,
          "P",
          "How probable a top choice is. Default: " + PRESET.threshold() + ".",
          "--xtc-threshold");

  List<OptionSpec> options() {
    return List.of(probability, threshold);
  }

  Xtc xtc() {
    var xtc =
        new Xtc(
            Options.given(probability, PRESET.probability()),
            Options.given(threshold, PRESET.threshold()));
    Options.requireBeside(threshold, probability);
    return xtc;
  }
}
