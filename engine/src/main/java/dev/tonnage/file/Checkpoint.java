package dev.tonnage.file;

import dev.tonnage.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A model's weights and what it says about itself, whatever the format. Owns the mapping of its
 * files: tensors are valid until {@link #close()}.
 */
public interface Checkpoint extends AutoCloseable {

  /** The file's or folder's name, for messages. */
  String name();

  /** Keys and values. */
  Metadata metadata();

  /** Every tensor, in the files' order. */
  List<Tensor> tensors();

  /** A tensor by its name. */
  Optional<Tensor> tensor(String name);

  /** Bytes of all tensors together. */
  default long weightBytes() {
    long sum = 0;
    for (Tensor tensor : tensors()) {
      sum += tensor.data().byteSize();
    }
    return sum;
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
