package dev.tonnage.cli;

import dev.tonnage.session.LoadSettings;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.tensor.DType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that computes with a model. */
final class ModelOptions {

  /** What a cache may be made of. */
  enum CacheType {
    F16(DType.F16),
    F32(DType.F32);

    private final DType type;

    CacheType(DType type) {
      this.type = type;
    }
  }

  @Mixin private ModelFile file;

  @Option(
      names = {"-c", "--context", "--ctx-size"},
      paramLabel = "N",
      description =
          "Tokens the context holds. Default: what the model was trained for, at most "
              + LoadSettings.DEFAULT_CONTEXT_TOKENS
              + ".")
  private Integer context;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute. Default: all cores.")
  private Integer threads;

  @Option(
      names = {"-ctk", "--cache-type-k"},
      paramLabel = "TYPE",
      defaultValue = "f16",
      description = "How keys are cached: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private CacheType keys;

  @Option(
      names = {"-ctv", "--cache-type-v"},
      paramLabel = "TYPE",
      defaultValue = "f16",
      description = "How values are cached: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private CacheType values;

  LoadedModel open() {
    LoadSettings settings = LoadSettings.defaults().withCache(keys.type, values.type);
    if (threads != null) {
      settings = settings.withThreads(threads);
    }
    if (context != null) {
      settings = settings.withContext(context);
    }
    return LoadedModel.open(file.open(), settings);
  }
}
