package dev.tonnage.cli;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.session.DefaultModel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a model. */
final class ModelFile {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A GGUF file; of a split model, any part. Default: the small model inside.")
  private Optional<Path> file = Optional.empty();

  Checkpoint open() {
    return file.<Checkpoint>map(GgufCheckpoint::open).orElseGet(DefaultModel::open);
  }
}
