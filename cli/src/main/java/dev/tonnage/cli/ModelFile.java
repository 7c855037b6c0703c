package dev.tonnage.cli;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.session.DefaultModel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The option that names a model. */
final class ModelFile {

  private final OptionSpec file =
      Options.value(
          Path.class,
          "FILE",
          "A GGUF file, of a split model any part, or a folder of safetensors."
              + " Default: the small model inside.",
          "-m",
          "--model");

  void addTo(CommandSpec command) {
    command.addOption(file);
  }

  Checkpoint open() {
    return Optional.<Path>ofNullable(file.getValue())
        .map(Checkpoint::open)
        .orElseGet(DefaultModel::open);
  }
}
