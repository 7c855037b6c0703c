package dev.tonnage.file;

import java.nio.file.Path;

/** Where the models lie that are too large to be committed: beside the repository, if at all. */
final class SharedFiles {

  private SharedFiles() {}

  static Path models() {
    return Path.of(System.getProperty("tonnage.root", "."), "..", "shared", "models").normalize();
  }
}
