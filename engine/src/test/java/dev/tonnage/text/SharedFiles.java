package dev.tonnage.text;

import java.nio.file.Path;

/**
 * Where models and reference outputs lie that are not committed: beside the repository, if at all.
 */
final class SharedFiles {

  private SharedFiles() {}

  static Path models() {
    return shared().resolve("models");
  }

  static Path tokenizerVectors() {
    return shared().resolve("reference-outputs/tokenizers/vectors.json");
  }

  private static Path shared() {
    return Path.of(System.getProperty("tonnage.root", "."), "..", "shared").normalize();
  }
}
