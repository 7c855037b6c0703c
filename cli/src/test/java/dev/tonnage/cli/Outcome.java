package dev.tonnage.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command that ran in this JVM came to.
 *
 * @param code the exit code
 * @param out standard output
 * @param error standard error, which nobody watches
 */
record Outcome(int code, String out, String error) {

  /** Runs the program with nothing to read. */
  static Outcome of(String... arguments) {
    return reading("", arguments);
  }

  /** Runs the program. */
  static Outcome reading(String input, String... arguments) {
    var out = new ByteArrayOutputStream();
    var error = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(error, true, StandardCharsets.UTF_8));
    int code = Main.run(terminal, arguments);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
  }

  /** Standard output, which is JSON. */
  JsonNode json() {
    return new JsonMapper().readTree(out);
  }
}
