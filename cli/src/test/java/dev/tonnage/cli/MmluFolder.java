package dev.tonnage.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Invented questions in the layout of the published benchmark. */
final class MmluFolder {

  private static final List<String> WORDS =
      List.of("river", "stone", "bird", "house", "lamp", "coat", "wheel", "bread", "cloud", "leaf");

  private final Path data;
  private final Random random = new Random(11);

  /** An empty folder {@code data} within a folder. */
  MmluFolder(Path folder) {
    data = folder.resolve("data");
  }

  Path data() {
    return data;
  }

  /** Adds a subject of a number of questions, with five examples. */
  MmluFolder subject(String name, int questions) throws IOException {
    write("dev", name, 5);
    write("test", name, questions);
    write("val", name, 1);
    return this;
  }

  Path test(String name) {
    return data.resolve("test").resolve(name + "_test.csv");
  }

  private void write(String part, String name, int questions) throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < questions; i++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      rows.append("\"Is it a \"\"").append(word).append("\"\",\nor ").append(i).append("?\"");
      for (int choice = 0; choice < 4; choice++) {
        rows.append(',').append(WORDS.get(random.nextInt(WORDS.size())));
      }
      rows.append(',').append("ABCD".charAt(random.nextInt(4))).append('\n');
    }
    Path folder = Files.createDirectories(data.resolve(part));
    Files.writeString(folder.resolve(name + "_" + part + ".csv"), rows);
  }
}
