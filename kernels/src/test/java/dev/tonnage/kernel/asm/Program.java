package dev.tonnage.kernel.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another program that a test runs, where it is installed. */
public record Program(String name) {

  /** What hangs is ended: far more than any of them needs. */
  private static final int MOST_MINUTES = 10;

  /**
   * What it did.
   *
   * @param exit its exit code; 128 and the signal where one ended it
   * @param output the file that has what it wrote to standard output
   * @param error what it wrote to standard error
   */
  public record Result(int exit, Path output, String error) {}

  /** Whether the search path has it. */
  public boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs it in a folder, in which nothing named {@code stdout} or {@code stderr} should be. */
  public Result run(Path folder, List<String> arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("stdout");
    Path error = folder.resolve("stderr");
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(name), arguments.stream()).toList())
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(error.toFile())
            .start();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(name + " did not end within " + MOST_MINUTES + " minutes");
    }
    return new Result(process.exitValue(), output, Files.readString(error));
  }

  /** The same for one that must succeed. */
  byte[] succeed(Path folder, String... arguments) throws IOException, InterruptedException {
    Result result = run(folder, List.of(arguments));
    assertThat(result.exit()).as("%s: %s", name, result.error()).isZero();
    return Files.readAllBytes(result.output());
  }
}
