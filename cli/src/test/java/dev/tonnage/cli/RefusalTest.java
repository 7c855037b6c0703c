package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be done is said in a line, with the exit code of its family and no stack trace. */
final class RefusalTest {

  private static final String PROMPT = "Once upon a time";

  @TempDir private Path folder;

  private static Outcome refused(ExitCode code, String... arguments) {
    var outcome = Outcome.of(arguments);
    assertThat(outcome.code()).as(outcome.error()).isEqualTo(code.number());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error())
        .startsWith("tonnage: ")
        .doesNotContain("\tat ", "Exception", "this is a bug");
    assertThat(outcome.error().lines().filter(line -> !line.startsWith("try '")))
        .as(outcome.error())
        .hasSize(1);
    return outcome;
  }

  /** Every command that opens a file. */
  private static List<String[]> opening(Path file) {
    return List.of(
        new String[] {"run", "-m", file + "", PROMPT},
        new String[] {"logits", "-m", file + "", "--tokens", "1"},
        new String[] {"perplexity", "-m", file + "", "-"},
        new String[] {"tokenize", "-m", file + "", PROMPT},
        new String[] {"detokenize", "-m", file + "", "1"},
        new String[] {"inspect", file + ""});
  }

  @Test
  void aFileThatIsNotThere() {
    for (String[] command : opening(folder.resolve("none.gguf"))) {
      assertThat(refused(ExitCode.STORAGE, command).error())
          .contains("none.gguf: no such file; check the path");
    }
  }

  @Test
  void aFolder() {
    for (String[] command : opening(folder)) {
      assertThat(refused(ExitCode.BAD_FILE, command).error())
          .contains("directory")
          .contains("name the .gguf file");
    }
  }

  @Test
  void aTextFile() throws IOException {
    Path file = folder.resolve("story.gguf");
    Files.writeString(file, "Once upon a time there was a file that held no model.");
    for (String[] command : opening(file)) {
      assertThat(refused(ExitCode.BAD_FILE, command).error())
          .contains("story.gguf")
          .contains("a text file");
    }
  }

  @Test
  void anEmptyFile() throws IOException {
    Path file = folder.resolve("empty.gguf");
    Files.createFile(file);
    for (String[] command : opening(file)) {
      assertThat(refused(ExitCode.BAD_FILE, command).error()).contains("empty.gguf");
    }
  }

  @Test
  void aModelThatWasCutAnywhere() throws IOException {
    Path file = folder.resolve("cut.gguf");
    TinyLlamas.GROUPED.model().write(file);
    long bytes = Files.size(file);
    List<Long> lengths = new ArrayList<>(List.of(bytes - 1, bytes / 2));
    for (long length = 4096; length > 0; length /= 3) {
      lengths.add(length);
    }
    for (long length : lengths) { // ever shorter
      try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(length);
      }
      for (String[] command : opening(file)) {
        assertThat(refused(ExitCode.BAD_FILE, command).error())
            .as("%d of %d bytes", length, bytes)
            .contains("cut.gguf");
      }
    }
  }

  @Test
  void anArchitectureThatNobodyKnows() {
    Path file = folder.resolve("odd.gguf");
    TinyLlamas.GROUPED.model().withArchitecture("frobnicate").write(file);
    assertThat(refused(ExitCode.UNSUPPORTED, "run", "-m", file + "", PROMPT).error())
        .contains("odd.gguf")
        .contains("frobnicate")
        .contains("llama");
  }

  @Test
  void aContextThatDoesNotFitIntoMemory() {
    Path file = folder.resolve("long.gguf");
    TinyLlama.named("long")
        .withSizes(new TinyLlama.Sizes(16, 64, 96, 288, 1 << 28))
        .withHeads(new TinyLlama.Heads(4, 4, 64))
        .write(file);
    String[] command = {"run", "-m", file + "", "-c", (1 << 28) + "", "-ctk", "f32", PROMPT};
    assertThat(refused(ExitCode.DOES_NOT_FIT, command).error())
        .contains("long.gguf does not fit")
        .contains("keys and values")
        .contains("shorter context (-c)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "513", "2147483647"})
  void aContextThatTheModelCannotAttendTo(String context) {
    assertThat(refused(ExitCode.USAGE, "run", "-c", context, PROMPT).error())
        .contains("context")
        .contains("512")
        .contains(context);
  }

  @Test
  void aPromptThatIsLongerThanTheContext() {
    assertThat(refused(ExitCode.USAGE, "run", "-c", "4", PROMPT).error())
        .contains("5 tokens")
        .contains("-c, up to 512");
    assertThat(refused(ExitCode.USAGE, "run", "na ".repeat(2000)).error())
        .contains("512")
        .contains("shorter prompt");
    assertThat(refused(ExitCode.USAGE, "logits", "-c", "2", "--tokens", "1,2,3").error())
        .contains("3 tokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "100000", "2147483647"})
  void aNumberOfThreadsThatMakesNoSense(String threads) {
    assertThat(refused(ExitCode.USAGE, "run", "-n", "1", "-t", threads, PROMPT).error())
        .contains("threads")
        .contains(threads);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-n -1",
        "-n many",
        "-n 99999999999",
        "-c lots",
        "-t x",
        "--cache-type-k nonsense",
        "-ctv q5_1",
        "--temp -1",
        "--temp NaN",
        "--temp hot",
        "--top-k -1",
        "--top-p 1.5",
        "--top-p -0.1",
        "--min-p 2",
        "--repeat-penalty 0",
        "--repeat-last-n -2",
        "--seed x"
      })
  void aValueThatAnOptionCannotHave(String option) {
    String[] words = option.split(" ", -1);
    assertThat(refused(ExitCode.USAGE, "run", words[0], words[1], PROMPT).error())
        .contains(words[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--frobnicate", "--temp", "-x", "--max-token 5"})
  void anOptionThatIsNoneOrHasNoValue(String option) {
    String[] words = ("run,hello," + option.replace(' ', ',')).split(",", -1);
    assertThat(refused(ExitCode.USAGE, words).error())
        .contains(words[2])
        .contains("try 'tonnage run --help'");
  }

  @Test
  void anOutputThatNobodyTakesIsNoSuccess() {
    var gone =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    for (String[] command : List.of(new String[] {"tokenize", PROMPT}, new String[] {"info"})) {
      var error = new ByteArrayOutputStream();
      var terminal =
          new Terminal(
              InputStream.nullInputStream(),
              new PrintStream(gone, false, StandardCharsets.UTF_8),
              new PrintStream(error, true, StandardCharsets.UTF_8));
      assertThat(Main.run(terminal, command)).isEqualTo(ExitCode.BROKEN_PIPE.number());
      assertThat(error.toByteArray()).isEmpty();
    }
  }

  @Test
  void twoPrompts() {
    assertThat(refused(ExitCode.USAGE, "run", "Once", "upon").error()).contains("upon");
  }

  @ParameterizedTest
  @CsvSource({
    "run, PROMPT",
    "inspect, MODEL",
    "detokenize, ID",
    "tokenize, TEXT",
    "logits, --tokens",
    "perplexity, TEXTFILE",
    "eval, BENCHMARK",
    "eval mmlu, FILES"
  })
  void nothingWhereSomethingMustBe(String command, String missing) {
    assertThat(refused(ExitCode.USAGE, command.split(" ", -1)).error()).contains(missing);
  }

  @Test
  void cacheTypesAreListedWhereNoneIsNamed() {
    assertThat(refused(ExitCode.USAGE, "run", "--cache-type-k", "q5_1", PROMPT).error())
        .containsIgnoringCase("f16")
        .containsIgnoringCase("f32");
  }
}
