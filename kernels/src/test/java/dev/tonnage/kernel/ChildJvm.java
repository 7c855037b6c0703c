package dev.tonnage.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fresh JVM that ran a main method of the tests to its end.
 *
 * @param exit its exit code
 * @param output what it wrote to standard output
 */
record ChildJvm(int exit, String output) {

  /** The flags that this JVM computes with; the build passes on which width it asked for. */
  static List<String> flags() {
    var flags = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    flags.add("--enable-native-access=ALL-UNNAMED");
    String width = System.getProperty("tonnage.width.flags", "").strip();
    if (!width.isEmpty()) {
      flags.addAll(List.of(width.split("\\s+")));
    }
    return flags;
  }

  static ChildJvm run(List<String> flags, Class<?> main) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace(System.lineSeparator(), "\n");
    return new ChildJvm(process.waitFor(), output);
  }
}
