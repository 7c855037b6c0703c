package dev.tonnage.file;

import java.util.List;
import java.util.Optional;

/** What a model says about itself without its weights: what is planned with. */
public interface ModelHeader {

  /** The file's, folder's or model's name, for messages. */
  String name();

  /** Keys and values. */
  Metadata metadata();

  /** What every tensor is, in the files' order. */
  List<TensorHeader> tensorHeaders();

  /** What a tensor is, by its name. */
  Optional<TensorHeader> tensorHeader(String name);

  /** Bytes of all tensors together. */
  default long weightBytes() {
    return tensorHeaders().stream().mapToLong(TensorHeader::bytes).sum();
  }
}
