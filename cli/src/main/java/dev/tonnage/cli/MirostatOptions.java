package dev.tonnage.cli;

import dev.tonnage.sample.Mirostat;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The options of Mirostat. */
final class MirostatOptions {

  private static final Mirostat PRESET = Mirostat.OFF;

  private final OptionSpec version =
      Options.value(
          Integer.class,
          "0|2",
          "2: Mirostat 2 instead of truncation and XTC. Default: off, 0.",
          "--mirostat");

  private final OptionSpec targetSurprise =
      Options.value(
          Double.class,
          "BITS",
          "Surprise that Mirostat aims at. Default: " + PRESET.targetSurprise() + ".",
          "--mirostat-ent");

  private final OptionSpec learningRate =
      Options.value(
          Double.class,
          "X",
          "How fast Mirostat gets there. Default: " + PRESET.learningRate() + ".",
          "--mirostat-lr");

  List<OptionSpec> options() {
    return List.of(version, targetSurprise, learningRate);
  }

  Mirostat mirostat() {
    var mirostat =
        new Mirostat(
            Options.given(version, PRESET.version()),
            Options.given(targetSurprise, PRESET.targetSurprise()),
            Options.given(learningRate, PRESET.learningRate()));
    Options.requireBeside(targetSurprise, version);
    Options.requireBeside(learningRate, version);
    return mirostat;
  }
}
