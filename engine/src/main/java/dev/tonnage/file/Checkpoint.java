package dev.tonnage.file;

import dev.tonnage.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model's weights and what it says about itself, whatever the format. Owns the mapping of its
 * files: tensors are valid until {@link #close()}.
 */
public interface Checkpoint extends ModelHeader, AutoCloseable {

  /**
   * Maps and checks a model's files: a folder as Hugging Face's transformers keep it, a safetensors
   * file of one, or GGUF.
   *
   * @param path a folder or a file; of a model that is split, any
   * @throws dev.tonnage.error.TonnageException for what is damaged, missing or not known
   */
  static Checkpoint open(Path path) {
    if (Files.exists(path.resolve("config.json"))) {
      return FolderCheckpoint.open(path);
    }
    Path folder = path.toAbsolutePath().getParent();
    return path.toString().endsWith(".safetensors") && Files.exists(folder.resolve("config.json"))
        ? FolderCheckpoint.open(folder)
        : GgufCheckpoint.open(path);
  }

  /** The format, in a few words for people. */
  String format();

  /** The names of the files that weights are in. */
  List<String> files();

  /** Every tensor, in the files' order. */
  List<Tensor> tensors();

  /** A tensor by its name. */
  Optional<Tensor> tensor(String name);

  @Override
  default List<TensorHeader> tensorHeaders() {
    return tensors().stream().map(TensorHeader::of).toList();
  }

  @Override
  default Optional<TensorHeader> tensorHeader(String name) {
    return tensor(name).map(TensorHeader::of);
  }

  /**
   * Fails if a mapped file is no longer as long as when it was opened: reading what was cut off can
   * kill the process, so every step asks first. Costs half a microsecond a file; see
   * docs/decisions/0003-files-that-shrink.md.
   *
   * @throws dev.tonnage.error.StorageFailure naming the file, both lengths and what to do
   */
  void verifyUnchanged();

  @Override
  void close();
}
