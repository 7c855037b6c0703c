package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model split into several files, {@code name-00001-of-00009.gguf} and so on, of which each says
 * which one it is and the first has the metadata. Source: {@code gguf-split} of llama.cpp.
 *
 * @param stem what all names have in common
 * @param count how many files there are
 */
record GgufSplit(Path folder, String stem, int count) {

  static final String NUMBER_KEY = "split.no";
  static final String COUNT_KEY = "split.count";
  static final String TENSORS_KEY = "split.tensors.count";

  /** What five digits can say. */
  private static final int MOST_PARTS = 99_999;

  private static final Pattern NAME = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

  private static final String RENAME = "give every part the name it was downloaded with";

  /** How many files the model of this part has: 1 where it is not split. */
  static int count(GgufPart part) {
    long count = part.metadata().integer(COUNT_KEY, 1);
    if (count < 0 || count > MOST_PARTS) {
      throw bad(part.name(), COUNT_KEY, "0 to " + MOST_PARTS, Long.toString(count));
    }
    return Math.max(1, (int) count); // an unsplit file may say 0
  }

  /**
   * The split that a part belongs to, by its file's name and by what it says.
   *
   * @param path of the part
   */
  static GgufSplit of(Path path, GgufPart part) {
    int count = count(part);
    int index = index(part);
    Matcher matcher = NAME.matcher(part.name());
    if (!matcher.matches() || !part.name().equals(name(matcher.group(1), index, count))) {
      throw new BadFile(
          part.name(),
          "a name that ends in " + name("", index, count) + ", as the file says of itself",
          "this one",
          RENAME);
    }
    return new GgufSplit(path.toAbsolutePath().getParent(), matcher.group(1), count);
  }

  /** Which part this is, the first being 0. */
  static int index(GgufPart part) {
    long index = part.metadata().integer(NUMBER_KEY);
    if (index < 0 || index >= count(part)) {
      throw bad(part.name(), NUMBER_KEY, "0 to " + (count(part) - 1), Long.toString(index));
    }
    return (int) index;
  }

  /**
   * Where a part must be.
   *
   * @param index the first part's is 0
   * @throws StorageFailure if it is not there
   */
  Path path(int index) {
    Path path = folder.resolve(name(stem, index, count));
    if (!Files.exists(path)) {
      throw new StorageFailure(
          path
              + ": no such file, but the model is split into "
              + count
              + " and this is part "
              + (index + 1)
              + "; download it too, into the same folder");
    }
    return path;
  }

  /** Fails for a file that does not say that it is this part. */
  void check(int index, GgufPart part) {
    if (count(part) != count) {
      throw bad(part.name(), COUNT_KEY, Integer.toString(count), Integer.toString(count(part)));
    }
    if (index(part) != index) {
      throw bad(part.name(), NUMBER_KEY, Integer.toString(index), Integer.toString(index(part)));
    }
  }

  private static String name(String stem, int index, int count) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", stem, index + 1, count);
  }

  private static BadFile bad(String file, String key, String expected, String found) {
    return new BadFile(file + ": " + key, expected, found, RENAME);
  }
}
