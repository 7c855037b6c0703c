package dev.tonnage.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs scripts with {@code sh}, in a folder, where the environment is what is given here. */
final class Shell {

  private final Path folder;
  private final Map<String, String> environment;

  Shell(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Runs a script to its end.
   *
   * @param arguments what the script knows as $1, $2, …
   */
  Outcome run(String script, Object... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path error = Files.createTempFile(folder, "error", "");
    Process process =
        builder(script, arguments)
            .redirectOutput(out.toFile())
            .redirectError(error.toFile())
            .start();
    process.getOutputStream().close();
    int code = process.waitFor();
    return new Outcome(code, text(out), text(error));
  }

  /** A process that is the script's, until the script makes it another by {@code exec}. */
  ProcessBuilder builder(String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
