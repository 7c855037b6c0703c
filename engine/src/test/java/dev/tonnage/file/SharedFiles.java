package dev.tonnage.file;

import java.nio.file.Path;

/** Where the models lie that are too large to be committed: beside the repository, if at all. */
public final class SharedFiles {

  private SharedFiles() {}

  /** Models, small ones and vocabularies alone. */
  public static Path models() {
    return shared("models");
  }

  /** What other engines compute on them. */
  public static Path referenceOutputs() {
    return shared("reference-outputs");
  }

  /** Texts. */
  public static Path data() {
    return shared("data");
  }

  private static Path shared(String folder) {
    return Path.of(System.getProperty("tonnage.root", "."), "..", "shared", folder).normalize();
  }
}
