package dev.tonnage.cli;

import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.sample.StageName;
import dev.tonnage.sample.Truncation;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say which tokens are too improbable. */
final class TruncationOptions {

  private static final Truncation PRESET = SamplerSettings.defaults().truncation();

  private final OptionSpec topNSigma =
      Options.value(
          Double.class,
          "N",
          "Draw from what is at most N standard deviations below the first. Default: off, 0.",
          "--top-n-sigma",
          "--top-nsigma");

  private final OptionSpec topK =
      Options.value(
          Integer.class,
          "N",
          "Draw from the N most probable; 0 for all. Default: " + PRESET.topK() + ".",
          "--top-k");

  private final OptionSpec typicalP =
      Options.value(
          Double.class,
          "P",
          "Draw from the most typical that together reach P. Default: off, 1.",
          "--typical",
          "--typical-p");

  private final OptionSpec topP =
      Options.value(
          Double.class,
          "P",
          "Draw from the most probable that together reach P; 1 for all. Default: "
              + PRESET.topP()
              + ".",
          "--top-p");

  private final OptionSpec minP =
      Options.value(
          Double.class,
          "P",
          "Draw from those at least P times as probable as the first. Default: "
              + PRESET.minP()
              + ".",
          "--min-p");

  Map<StageName, List<OptionSpec>> stages() {
    return Map.of(
        StageName.TOP_N_SIGMA, List.of(topNSigma),
        StageName.TOP_K, List.of(topK),
        StageName.TYPICAL, List.of(typicalP),
        StageName.TOP_P, List.of(topP),
        StageName.MIN_P, List.of(minP));
  }

  /**
   * @param otherwise where the user gives nothing
   */
  Truncation truncation(Truncation otherwise) {
    return new Truncation(
        Options.given(topNSigma, otherwise.topNSigma()),
        Options.given(topK, otherwise.topK()),
        Options.given(typicalP, otherwise.typicalP()),
        Options.given(topP, otherwise.topP()),
        Options.given(minP, otherwise.minP()));
  }
}
