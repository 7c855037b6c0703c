package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher and the built program, in processes of their own. It runs in a copy of what the
 * build left, laid out alike, so that it never builds.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
final class LauncherIT {

  private static final Path CHECKOUT = Path.of(System.getProperty("tonnage.root"));

  @TempDir private static Path folder;

  private static Path launcher;
  private static Path endless;
  private static Shell shell;

  @BeforeAll
  static void layOut() throws IOException {
    Path copy = folder.resolve("a place with spaces");
    for (String file :
        new String[] {
          "tonnage",
          ".mvn/find-jdk.sh",
          "cli/target/tonnage.jar",
          "cli/target/tonnage.aot",
          "cli/target/tonnage-vector.aot"
        }) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(CHECKOUT.resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    launcher = copy.resolve("tonnage");
    endless = folder.resolve("endless.gguf");
    // after "e" its greedy text goes on as long as the context lasts
    TinyLlamas.LONG_PROMPT.model().write(endless);
    shell = new Shell(folder, environment("C.UTF-8"));
  }

  private static Map<String, String> environment(String locale) {
    return Map.of(
        "PATH",
        System.getenv("PATH"),
        "JAVA_HOME",
        System.getProperty("java.home"),
        "LC_ALL",
        locale);
  }

  @Test
  void itRunsFromAnotherFolderInAPathWithSpaces() throws Exception {
    assertThat(shell.run("\"$1\" run --temp 0 -n 6 'Once upon a time'", launcher))
        .isEqualTo(new Outcome(0, ", there was a little g", ""));
  }

  @Test
  void theJvmTakesWhatItRemembersOfTheProgramWithTheVectorApiAndWithout() throws Exception {
    // with AOTMode=on it refuses to start where it cannot
    for (String options : new String[] {"", "--add-modules jdk.incubator.vector"}) {
      String remembers =
          "TONNAGE_JAVA_OPTIONS='-XX:AOTMode=on " + options + "' \"$1\" tokenize Once";
      assertThat(shell.run(remembers, launcher)).isEqualTo(new Outcome(0, "[403]\n", ""));
    }
  }

  @Test
  void itRunsThroughLinksToLinks() throws Exception {
    String script =
        """
        mkdir 'my bin' elsewhere
        ln -s "$1" elsewhere/tonnage
        ln -s ../elsewhere/tonnage 'my bin/told'
        cd 'my bin' && ./told tokenize 'Once upon a time' && PATH=.:$PATH && told tokenize Once
        """;
    assertThat(shell.run(script, launcher))
        .isEqualTo(new Outcome(0, "[403,407,261,378]\n[403]\n", ""));
  }

  @Test
  void lettersSurviveALocaleWithoutThem() throws Exception {
    var plain = new Shell(folder, environment("C"));
    String script = "\"$1\" run --echo --temp 0 -n 0 \"$(printf 'Gr\\303\\274\\303\\237e')\"";
    assertThat(plain.run(script, launcher)).isEqualTo(new Outcome(0, "Grüße", ""));
    String read = "printf 'Gr\\303\\274\\303\\237e' | \"$1\" run --echo --temp 0 -n 0 -";
    assertThat(plain.run(read, launcher)).isEqualTo(new Outcome(0, "Grüße", ""));
  }

  @Test
  void standardErrorKeepsItsOrderInAFile() throws Exception {
    String script =
        "{ echo before >&2; \"$1\" frobnicate; echo code $? >&2; \"$1\" run -c 0 x; echo after >&2; }"
            + " 2>errors; cat errors";
    assertThat(shell.run(script, launcher).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("before"),
            line -> assertThat(line).startsWith("tonnage: ").contains("frobnicate"),
            line -> assertThat(line).isEqualTo("try 'tonnage --help'"),
            line -> assertThat(line).isEqualTo("code 2"),
            line -> assertThat(line).startsWith("tonnage: context: "),
            line -> assertThat(line).isEqualTo("after"));
  }

  @Test
  void aReaderThatLeavesEndsItQuietly() throws Exception {
    String script =
        "{ \"$1\" run -m \"$2\" -c 100000 --temp 0 e; echo $? >code; } | head -c 5; cat code";
    var outcome = shell.run(script, launcher, endless);
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.out()).endsWith("141\n");
  }

  @Test
  void anInterruptKeepsWhatWasGenerated() throws Exception {
    assumeFalse(
        shell.run("kill -INT $$; echo ignored").out().contains("ignored"),
        "whoever started these tests has SIGINT ignored, which cannot be undone");
    Path error = folder.resolve("interrupted");
    Process process =
        shell
            .builder("exec \"$1\" run -m \"$2\" -c 100000 --temp 0 e", launcher, endless)
            .redirectError(error.toFile())
            .start();
    try (InputStream out = process.getInputStream()) {
      byte[] first = out.readNBytes(1);
      assertThat(first).hasSize(1);
      assertThat(shell.run("kill -INT $1", process.pid()).code()).isZero();
      byte[] rest = out.readAllBytes();
      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(Shell.text(error)).isEmpty();
      String text = new String(concatenated(first, rest), StandardCharsets.UTF_8);
      // a character is at most four tokens here, and the last one may have been cut
      Object tokens = 4 * text.length();
      String whole =
          shell
              .run("\"$1\" run -m \"$2\" --temp 0 e -c 100000 -n $3", launcher, endless, tokens)
              .out();
      assertThat(whole).startsWith(text.replaceFirst("\ufffd+$", ""));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void anInterruptKeepsWhatWasMeasuredAndNoHalfFile() throws Exception {
    assumeFalse(
        shell.run("kill -INT $$; echo ignored").out().contains("ignored"),
        "whoever started these tests has SIGINT ignored, which cannot be undone");
    Path text = folder.resolve("long.txt");
    Files.writeString(text, "the rain fell on the river all night ".repeat(20_000));
    Path base = folder.resolve("base.logits");
    Path part = folder.resolve("base.logits.part");
    String script = "exec \"$1\" perplexity -m \"$2\" \"$3\" -c 64 --chunks 2000 --kl-base \"$4\"";
    Process process = shell.builder(script, launcher, endless, text, base).start();
    try (InputStream out = process.getInputStream()) {
      // ids are half a megabyte, and a chunk's rows some kilobytes
      while (process.isAlive() && (Files.notExists(part) || Files.size(part) < 600_000)) {
        Thread.onSpinWait();
      }
      assertThat(shell.run("kill -INT $1", process.pid()).code()).isZero();
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(said)
          .matches("PPL = .*, interrupted after \\d+ of 2000 chunks of 64 tokens, .*\\R");
    } finally {
      process.destroyForcibly();
    }
    assertThat(part).doesNotExist();
    assertThat(base).doesNotExist();
  }

  @Test
  void anInterruptKeepsTheTestsThatWereTimed() throws Exception {
    assumeFalse(
        shell.run("kill -INT $$; echo ignored").out().contains("ignored"),
        "whoever started these tests has SIGINT ignored, which cannot be undone");
    String script = "exec \"$1\" bench -m \"$2\" -p 8 -n 100000 -r 2 --no-warmup -o json";
    Process process = shell.builder(script, launcher, endless).start();
    try (InputStream out = process.getInputStream()) {
      byte[] first = out.readNBytes(100); // of the prompt's row; tokens take minutes
      assertThat(shell.run("kill -INT $1", process.pid()).code()).isZero();
      byte[] rest = out.readAllBytes();
      assertThat(process.waitFor()).isEqualTo(130);
      String said = new String(concatenated(first, rest), StandardCharsets.UTF_8);
      assertThat(new Outcome(130, said, "").json())
          .singleElement()
          .satisfies(row -> assertThat(row.get("test").asString()).isEqualTo("pp8"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aKilledRunLosesAtMostOneAnswer() throws Exception {
    Path data = new MmluFolder(folder).subject("rivers", 60).data();
    String script = "exec \"$1\" eval mmlu \"$2\" -m \"$3\" --shots 1";
    Path results = folder.resolve("mmlu-endless.jsonl");
    Process process = shell.builder(script, launcher, data, endless).start();
    try {
      while (process.isAlive() && (Files.notExists(results) || lines(results) < 4)) {
        Thread.onSpinWait();
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    long kept = lines(results);
    assertThat(kept).isBetween(4L, 60L);
    String whole = script + " -o whole.jsonl --json";
    Outcome uninterrupted = shell.run(whole, launcher, data, endless);
    Outcome resumed = shell.run(script + " --json", launcher, data, endless);
    assertThat(uninterrupted.json().get("answeredBefore").asLong()).isZero();
    assertThat(resumed.json().get("answeredBefore").asLong()).isEqualTo(kept - 1); // the header
    assertThat(resumed.json().get("all")).isEqualTo(uninterrupted.json().get("all"));
    assertThat(results).hasSameBinaryContentAs(folder.resolve("whole.jsonl"));
  }

  private static long lines(Path file) throws IOException {
    return Shell.text(file).chars().filter(letter -> letter == '\n').count();
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  @Test
  void aClosedInputIsAnEmptyOne() throws Exception {
    assertThat(shell.run("\"$1\" tokenize --bos - <&-", launcher))
        .isEqualTo(new Outcome(0, "[1]\n", ""));
  }

  @Test
  void aClosedOutputIsNoSuccess() throws Exception {
    assertThat(shell.run("\"$1\" tokenize Once >&-", launcher)).isEqualTo(new Outcome(141, "", ""));
    assertThat(shell.run("\"$1\" tokenize Once 2>&-", launcher))
        .isEqualTo(new Outcome(0, "[403]\n", ""));
  }
}
