package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.SharedFiles;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

class BenchCommandTest {

  /**
   * Of the model: two layers of 64·64 + 2·64·32 + 64·64 + 3·64·96 numbers and two norms of 64, and
   * a row of the embedding; then a norm and an output matrix of 288·64; F32.
   */
  private static final long WEIGHT_BYTES =
      4 * (2 * (64 * 64 + 2 * 64 * 32 + 64 * 64 + 3 * 64 * 96 + 2 * 64) + 64) + 4 * (64 + 288 * 64);

  /** Multiply-adds with the weights of both layers. */
  private static final long LAYERS = 2 * (64 * 64 + 2 * 64 * 32 + 64 * 64 + 3 * 64 * 96);

  /** And for logits. */
  private static final long LOGITS = 288 * 64;

  /** Two layers, four heads, a key and a value of 16. */
  private static final long PER_SEEN_TOKEN = 2 * 4 * (16 + 16);

  /** Two layers, two key/value heads, a key and a value of 16 halves. */
  private static final long CACHED_TOKEN_BYTES = 2 * 2 * (16 + 16) * 2;

  @TempDir private Path folder;

  private Path model;

  @BeforeEach
  void write() {
    model = folder.resolve("tiny.gguf");
    TinyLlama.named("tiny").write(model);
  }

  private Outcome bench(String... more) {
    List<String> all = new ArrayList<>(List.of("bench", model + ""));
    all.addAll(List.of(more));
    return Outcome.of(all.toArray(new String[0]));
  }

  private JsonNode json(String... more) {
    String[] arguments =
        Stream.concat(Stream.of(more), Stream.of("-o", "json", "-r", "1")).toArray(String[]::new);
    Outcome outcome = bench(arguments);
    assertThat(outcome.code()).as(outcome.error()).isZero();
    assertThat(outcome.error()).isEmpty();
    return outcome.json();
  }

  private static List<String> texts(JsonNode rows, String field) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(row.get(field).asString()));
    return texts;
  }

  @Test
  void everyCombinationIsARowInTheOrderOfItsLists() {
    JsonNode rows =
        json("-p", "4,8", "-n", "2", "-d", "0,16", "-t", "1,2", "-ctv", "f16,f32", "--no-warmup");
    List<String> tests = List.of("pp4", "pp8", "tg2", "pp4 @ d16", "pp8 @ d16", "tg2 @ d16");
    assertThat(texts(rows, "test"))
        .isEqualTo(Stream.of(tests, tests, tests, tests).flatMap(List::stream).toList());
    assertThat(texts(rows, "type_k")).containsOnly("f16");
    assertThat(texts(rows, "type_v").subList(0, 12)).containsOnly("f16");
    assertThat(texts(rows, "type_v").subList(12, 24)).containsOnly("f32");
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.get(row).get("n_threads").asInt()).isEqualTo(row / 6 % 2 + 1);
    }
  }

  @Test
  void bytesOfATokenAreTheWeightsAndTheCacheThatItSees() {
    JsonNode rows = json("-p", "0", "-n", "4", "-d", "3", "--streams", "1,2", "-ctk", "f16,f32");
    // tokens see 4, 5, 6 and 7: on average 5.5
    long cache = CACHED_TOKEN_BYTES * 11 / 2;
    JsonNode alone = rows.get(0);
    assertThat(alone.get("weight_bytes_per_step").asLong()).isEqualTo(WEIGHT_BYTES);
    assertThat(alone.get("cache_bytes_per_step").asLong()).isEqualTo(cache);
    assertThat(alone.get("bytes_per_token").asDouble()).isEqualTo((double) (WEIGHT_BYTES + cache));
    JsonNode two = rows.get(1);
    assertThat(two.get("n_streams").asInt()).isEqualTo(2);
    assertThat(two.get("weight_bytes_per_step").asLong()).isEqualTo(WEIGHT_BYTES);
    assertThat(two.get("cache_bytes_per_step").asLong()).isEqualTo(2 * cache);
    assertThat(two.get("bytes_per_token").asDouble()).isEqualTo(WEIGHT_BYTES / 2.0 + cache);
    // keys of floats take twice as much
    assertThat(rows.get(2).get("cache_bytes_per_step").asLong()).isEqualTo(cache * 3 / 2);
  }

  @Test
  void multiplyAddsAreThoseOfTheShapes() {
    TinyLlama.named("tiny").withSizes(new TinyLlama.Sizes(2, 64, 96, 288, 768)).write(model);
    JsonNode rows = json("-p", "5,513", "-n", "4", "-d", "3", "--streams", "2", "--no-warmup");
    // a prompt's logits are computed once for each chunk of 512 tokens
    assertThat(multiplyAdds(rows.get(0)))
        .isEqualTo(5 * LAYERS + LOGITS + (4 + 5 + 6 + 7 + 8) * PER_SEEN_TOKEN);
    assertThat(multiplyAdds(rows.get(1)))
        .isEqualTo(513 * LAYERS + 2 * LOGITS + (513 * 3 + 513 * 514 / 2) * PER_SEEN_TOKEN);
    assertThat(multiplyAdds(rows.get(2)))
        .isEqualTo(2 * (4 * (LAYERS + LOGITS) + (4 + 5 + 6 + 7) * PER_SEEN_TOKEN));
  }

  private static long multiplyAdds(JsonNode row) {
    return row.get("multiply_adds").asLong();
  }

  @Test
  void ratesFollowFromTheRepetitions() {
    Outcome outcome = bench("-p", "6", "-n", "3", "--streams", "2", "-r", "4", "-o", "json");
    for (JsonNode row : outcome.json()) {
      JsonNode nanos = row.get("samples_ns");
      JsonNode rates = row.get("samples_ts");
      assertThat(nanos).hasSize(4);
      assertThat(rates).hasSize(4);
      double sum = 0;
      for (int i = 0; i < 4; i++) {
        // a prompt of one sequence, or three tokens of two
        assertThat(rates.get(i).asDouble())
            .isCloseTo(6e9 / nanos.get(i).asLong(), within(1e-6 * rates.get(i).asDouble()));
        sum += rates.get(i).asDouble();
      }
      double mean = row.get("avg_ts").asDouble();
      assertThat(mean).isCloseTo(sum / 4, within(1e-6 * mean));
      assertThat(row.get("avg_ts_stream").asDouble())
          .isCloseTo(mean / row.get("n_streams").asInt(), within(1e-6 * mean));
      double squares = 0;
      for (JsonNode rate : rates) {
        squares += Math.pow(rate.asDouble() - mean, 2);
      }
      assertThat(row.get("stddev_ts").asDouble())
          .isCloseTo(Math.sqrt(squares / 3), within(1e-6 * mean));
      assertThat(row.get("avg_multiply_adds_per_s").asDouble())
          .isCloseTo(multiplyAdds(row) * mean / 6, within(1e-6 * multiplyAdds(row) * mean));
    }
  }

  @Test
  void whatWasMeasuredAndOnWhatIsSaid() {
    JsonNode row = json("-p", "8", "-n", "0", "-t", "2").get(0);
    assertThat(row.get("version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(row.get("cpu_info").asString()).isNotEmpty();
    assertThat(row.get("cpu_cores").asInt()).isPositive();
    assertThat(row.get("test_time").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(row.get("model_filename").asString()).isEqualTo("tiny.gguf");
    assertThat(row.get("model_type").asString()).isEqualTo("llama F32");
    // the layers, their norms, the last norm, the output and the embedding
    long numbers = LAYERS + 2 * 2 * 64 + 64 + 2 * LOGITS;
    assertThat(row.get("model_n_params").asLong()).isEqualTo(numbers);
    assertThat(row.get("model_size").asLong()).isEqualTo(4 * numbers);
    assertThat(row.get("kernel_level").asString()).isEqualTo("scalar");
    assertThat(row.get("kernels").asString()).contains("2 threads");
    // nothing is silent: what is not measured says why
    assertThat(row.get("avg_memory_bytes_per_s").isNull()).isTrue();
    assertThat(row.get("memory_note").asString()).isNotEmpty();
    assertThat(row.get("avg_peak_part").isNull()).isTrue();
    assertThat(row.get("peak_note").asString()).contains("scalar");
  }

  @Test
  void aTableHasALineForEachTestAndSaysWhatIsMissing() {
    Outcome outcome = bench("-p", "8", "-n", "4", "-d", "20", "-r", "2");
    List<String> lines = outcome.out().lines().toList();
    assertThat(cells(lines.get(0)))
        .containsExactly(
            "model",
            "size",
            "params",
            "kernels",
            "threads",
            "test",
            "t/s",
            "MB/token",
            "memory GB/s",
            "of it",
            "GMAC/s",
            "of peak");
    assertThat(lines.get(1)).matches("\\|( -+:? \\|)+");
    assertThat(cells(lines.get(2)).subList(0, 4))
        .containsExactly("tiny.gguf", "0.4 MiB", "0.10 M", "scalar");
    assertThat(cells(lines.get(2)).get(5)).isEqualTo("pp8 @ d20");
    assertThat(cells(lines.get(2)).get(6)).matches("\\d+\\.\\d\\d ± \\d+\\.\\d\\d");
    assertThat(cells(lines.get(3)).get(5)).isEqualTo("tg4 @ d20");
    assertThat(cells(lines.get(3)).get(7)).isEqualTo("0.3");
    assertThat(cells(lines.get(3)).subList(8, 10)).containsExactly("-", "-");
    assertThat(lines.subList(0, 4)).extracting(String::length).containsOnly(lines.get(0).length());
    assertThat(outcome.out())
        .contains("bandwidth of memory: not measured, because tiny.gguf has no two pieces")
        .contains("peak of arithmetic: not measured, because the level 'scalar'");
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  @Test
  void columnsThatTellTestsApartAreThere() {
    Path other = folder.resolve("other-model.gguf");
    TinyLlamas.TIED.model().write(other);
    List<String> lines =
        bench(
                "-m",
                other + "",
                "-p",
                "0",
                "-n",
                "2",
                "-r",
                "1",
                "--streams",
                "1,2",
                "-ctk",
                "f32",
                "--no-warmup")
            .out()
            .lines()
            .toList();
    assertThat(cells(lines.get(0))).contains("type_k", "type_v", "streams", "t/s each");
    assertThat(lines.subList(2, 6))
        .extracting(line -> cells(line).get(0))
        .containsExactly("other-model.gguf", "other-model.gguf", "tiny.gguf", "tiny.gguf");
    assertThat(cells(lines.get(3)).subList(5, 8)).containsExactly("f32", "f16", "2");
  }

  @Test
  void commaSeparatedLinesHaveWhatTheObjectsHave() throws Exception {
    String[] tests = {"-p", "4", "-n", "2", "-d", "0,5", "-r", "3", "-o"};
    Outcome csv = bench(Stream.concat(Stream.of(tests), Stream.of("csv")).toArray(String[]::new));
    JsonNode objects =
        bench(Stream.concat(Stream.of(tests), Stream.of("json")).toArray(String[]::new)).json();
    try (MappingIterator<JsonNode> lines =
        new CsvMapper()
            .readerFor(JsonNode.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(csv.out())) {
      List<JsonNode> read = lines.readAll();
      assertThat(read).hasSize(4);
      for (int row = 0; row < read.size(); row++) {
        assertThat(read.get(row).propertyNames())
            .containsExactlyElementsOf(objects.get(row).propertyNames());
        assertThat(read.get(row).get("test")).isEqualTo(objects.get(row).get("test"));
        assertThat(read.get(row).get("multiply_adds").asString())
            .isEqualTo(objects.get(row).get("multiply_adds").asString());
        assertThat(read.get(row).get("samples_ns").asString()).matches("\\d+;\\d+;\\d+");
        assertThat(read.get(row).get("avg_memory_part").asString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-p, -1, --n-prompt: expected numbers of at least 0",
    "-n, '4,-2', --n-gen: expected numbers of at least 0",
    "-d, -3, --n-depth: expected numbers of at least 0",
    "--streams, 0, --streams: expected numbers of at least 1",
    "--streams, 2000, streams: expected a number from 1 to 1024",
    "-t, 0, threads: expected a number from 1",
    "-r, 0, --repetitions: expected at least 1",
    "-p, x, 'x'",
    "-p, '4,,5', --n-prompt",
    "-o, sql, sql",
    "-ctk, q5_1, q5_1",
    "-p, 257, the 256 tokens that tiny.gguf can attend to",
    "-d, 200, the 256 tokens that tiny.gguf can attend to",
    "-d, 2147483647, the 256 tokens that tiny.gguf can attend to",
    "-ctv, q8_0, cache of values",
    "-m, none.gguf, none.gguf: no such file",
  })
  void whatCannotBeTimedIsRefused(String option, String value, String why) {
    Outcome outcome = bench("-p", "100", "-n", "100", option, value);
    if (option.equals("-p") || option.equals("-n")) {
      outcome = bench(option, value, option.equals("-p") ? "-n" : "-p", "4");
    }
    assertThat(outcome.code()).as(outcome.error()).isIn(2, 6);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error()).startsWith("tonnage: ").contains(why).doesNotContain("bug");
  }

  @Test
  void nothingToTimeIsRefused() {
    Outcome outcome = bench("-p", "0", "-n", "0");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.error()).contains("-p and -n: expected a test");
  }

  @Test
  void theModelInsideAndTheOneBesideAreTimedAlike() {
    Path stories = SharedFiles.models().resolve("stories260K.gguf");
    assumeTrue(Files.exists(stories), stories + " is not there");
    JsonNode inside =
        Outcome.of("bench", "-p", "0", "-n", "8", "-r", "1", "-o", "json").json().get(0);
    JsonNode beside =
        Outcome.of("bench", "-m", stories + "", "-p", "0", "-n", "8", "-r", "1", "-o", "json")
            .json()
            .get(0);
    // 5 layers of 64·64 + 2·64·32 + 64·64 + 3·64·172 and two norms, a norm, the tied embedding of
    // 512·64 and a row of it; 8 tokens see 4.5 of 5 layers' 4 heads of 8 + 8 halves
    long weights =
        4 * (5 * (64 * 64 + 2 * 64 * 32 + 64 * 64 + 3 * 64 * 172 + 2 * 64) + 64 + 512 * 64 + 64);
    for (JsonNode row : List.of(inside, beside)) {
      assertThat(row.get("weight_bytes_per_step").asLong()).isEqualTo(weights);
      assertThat(row.get("cache_bytes_per_step").asLong()).isEqualTo(5 * 4 * (8 + 8) * 2 * 9 / 2);
      assertThat(row.get("avg_ts").asDouble()).isPositive();
    }
  }
}
