package dev.tonnage.cli;

import dev.tonnage.eval.ModelFingerprint;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.model.Architectures;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.tensor.DType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of every command that computes with a model. */
final class ModelOptions {

  /** What a cache may be made of. */
  enum CacheType {
    F32(DType.F32),
    F16(DType.F16),
    Q8_0(DType.Q8_0),
    Q4_0(DType.Q4_0);

    private final DType type;

    CacheType(DType type) {
      this.type = type;
    }

    DType type() {
      return type;
    }
  }

  private final ModelFile file = new ModelFile();

  private final OptionSpec context;

  private final OptionSpec threads =
      Options.value(
          Integer.class, "N", "Threads that compute. Default: all cores.", "-t", "--threads");

  private final OptionSpec keys = cached("keys", "-ctk", "--cache-type-k");

  private final OptionSpec values = cached("values", "-ctv", "--cache-type-v");

  private static OptionSpec cached(String what, String... names) {
    return Options.preset(
        CacheType.class,
        "TYPE",
        "f16",
        "How " + what + " are cached: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
        names);
  }

  ModelOptions() {
    this("Tokens the context holds", LoadSettings.DEFAULT_CONTEXT_TOKENS);
  }

  /** For a command that has a use of its own for the context, and a default. */
  ModelOptions(String contextUse, int presetContext) {
    this.context =
        Options.value(
            Integer.class,
            "N",
            contextUse
                + ". Default: what the model was trained for, at most "
                + presetContext
                + ".",
            "-c",
            "--context",
            "--ctx-size");
  }

  void addTo(CommandSpec command) {
    file.addTo(command);
    command.addOption(context).addOption(threads).addOption(keys).addOption(values);
  }

  LoadedModel open() {
    return LoadedModel.open(file.open(), settings());
  }

  /**
   * Opens it with a context of so many tokens, or of what the model was trained for if that is
   * less, where the user names none.
   */
  LoadedModel open(int presetContext) {
    LoadSettings settings = settings();
    if (settings.contextTokens().isEmpty()) {
      try (Checkpoint checkpoint = file.open()) {
        int trained = Architectures.dimensions(checkpoint).contextTokens();
        settings = settings.withContext(Math.min(presetContext, trained));
      }
    }
    return LoadedModel.open(file.open(), settings);
  }

  /** What tells the model from others. */
  String fingerprint() {
    try (Checkpoint checkpoint = file.open()) {
      return ModelFingerprint.of(checkpoint);
    }
  }

  private LoadSettings settings() {
    LoadSettings settings =
        LoadSettings.defaults()
            .withCache(keys.<CacheType>getValue().type(), values.<CacheType>getValue().type());
    if (threads.getValue() instanceof Integer members) {
      settings = settings.withThreads(members);
    }
    if (context.getValue() instanceof Integer tokens) {
      settings = settings.withContext(tokens);
    }
    return settings;
  }
}
