package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Metadata;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file's keys of one architecture ({@code llama.block_count} …). Remembers which were read, so
 * that a key nobody understood is an error and not a silent difference.
 */
final class ArchitectureKeys {

  /** Beyond any model there is; a larger number is a damaged file. */
  private static final long MOST = 1L << 28;

  private final Metadata metadata;
  private final String architecture;
  private final Set<String> read = new HashSet<>();

  ArchitectureKeys(Metadata metadata, String architecture) {
    this.metadata = metadata;
    this.architecture = architecture;
  }

  String where() {
    return metadata.where();
  }

  /** Where a key of this architecture is, for messages. */
  String where(String name) {
    return where() + ": " + key(name);
  }

  boolean has(String name) {
    return metadata.has(key(name));
  }

  /** A count of at least 1 that must be there. */
  int count(String name) {
    return checked(name, metadata.integer(key(name)), 1);
  }

  /** A count of at least 1. */
  int count(String name, int fallback) {
    return checked(name, metadata.integer(key(name), fallback), 1);
  }

  /** A count that may be 0. */
  int countOrZero(String name) {
    return checked(name, metadata.integer(key(name), 0), 0);
  }

  double number(String name, double fallback) {
    double number = metadata.number(key(name), fallback);
    if (!Double.isFinite(number)) {
      throw new BadFile(where(name), "a finite number", number + "", "convert the model again");
    }
    return number;
  }

  double number(String name) {
    metadata.number(key(name));
    return number(name, 0);
  }

  String text(String name, String fallback) {
    return metadata.text(key(name), fallback);
  }

  boolean flag(String name, boolean fallback) {
    return metadata.flag(key(name), fallback);
  }

  /** Keys that say nothing that changes what is computed. */
  void ignore(String... names) {
    for (String name : names) {
      key(name);
    }
  }

  /** Fails if the file has a key of this architecture that was neither read nor ignored. */
  void requireAllRead() {
    List<String> left =
        metadata.keys(architecture + ".").stream().filter(key -> !read.contains(key)).toList();
    if (!left.isEmpty()) {
      throw new UnsupportedModel(
          where(),
          String.join(", ", left) + " in architecture '" + architecture + "'",
          "what these keys ask for would be computed wrongly");
    }
  }

  /** The whole key of a name, which then counts as read. */
  String key(String name) {
    String key = architecture + "." + name;
    read.add(key);
    return key;
  }

  private int checked(String name, long value, long least) {
    if (value < least || value > MOST) {
      throw new BadFile(
          where(name),
          "a count from " + least + " to " + MOST,
          value + "",
          "convert the model again");
    }
    return (int) value;
  }
}
