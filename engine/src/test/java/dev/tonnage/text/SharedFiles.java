package dev.tonnage.text;

import java.nio.file.Path;

/**
 * Where models and reference outputs lie that are not committed, if at all: beside the repository
 * or in a folder of it that is not tracked.
 */
final class SharedFiles {

  private SharedFiles() {}

  static Path models() {
    return shared().resolve("models");
  }

  static Path tokenizerVectors() {
    return shared().resolve("reference-outputs/tokenizers/vectors.json");
  }

  /** Where {@code bench/peers/tokenizers/record.mjs} puts them, as its README says. */
  static Path publishedVocabularies() {
    return root().resolve("bench/peers/tokenizers/vocabularies");
  }

  private static Path shared() {
    return root().resolve("../shared").normalize();
  }

  private static Path root() {
    return Path.of(System.getProperty("tonnage.root", "."));
  }
}
