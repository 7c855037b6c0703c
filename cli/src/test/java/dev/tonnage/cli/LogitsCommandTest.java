package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class LogitsCommandTest {

  @TempDir private Path folder;

  /** What NumPy's format description says of a matrix of little-endian floats, and no more. */
  private record Matrix(int rows, int columns, FloatBuffer values) {

    private static final Pattern SHAPE =
        Pattern.compile(
            "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+)\\), } *\n");

    static Matrix read(Path file) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      byte[] magic = new byte[8];
      bytes.get(magic);
      assertThat(new String(magic, StandardCharsets.ISO_8859_1)).isEqualTo("\u0093NUMPY\1\0");
      byte[] header = new byte[bytes.getShort()];
      bytes.get(header);
      assertThat(bytes.position() % 64).isZero();
      Matcher shape = SHAPE.matcher(new String(header, StandardCharsets.US_ASCII));
      assertThat(shape.matches()).as(new String(header, StandardCharsets.US_ASCII)).isTrue();
      int rows = Integer.parseInt(shape.group(1));
      int columns = Integer.parseInt(shape.group(2));
      FloatBuffer values = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      assertThat(bytes.remaining()).isEqualTo(4L * rows * columns);
      return new Matrix(rows, columns, values);
    }

    float at(int row, int column) {
      return values.get(row * columns + column);
    }
  }

  @Test
  void everyPositionHasItsBestFirst() {
    var logits = Outcome.of("logits", "--tokens", "1,403,407,261,378", "--top", "3");
    assertThat(logits.code()).as(logits.error()).isZero();
    assertThat(logits.error()).isEmpty();
    JsonNode json = logits.json();
    assertThat(json.get("model").asString()).isEqualTo("stories260K");
    assertThat(json.get("tokens")).hasToString("[1,403,407,261,378]");
    assertThat(json.get("top3")).hasSize(5);
    for (JsonNode position : json.get("top3")) {
      assertThat(position).hasSize(3);
      assertThat(position.get(0).get(1).asDouble())
          .isGreaterThanOrEqualTo(position.get(1).get(1).asDouble());
      assertThat(position.get(1).get(1).asDouble())
          .isGreaterThanOrEqualTo(position.get(2).get(1).asDouble());
    }
    // what the reference engine samples next, greedily
    assertThat(json.get("top3").get(4).get(0).get(0).asInt()).isEqualTo(432);
  }

  @Test
  void twentyAreTheDefaultAndZeroIsNone() {
    assertThat(Outcome.of("logits", "--tokens", "1").json().get("top20").get(0)).hasSize(20);
    assertThat(Outcome.of("logits", "--tokens", "1", "--top", "0").json().get("top0"))
        .hasToString("[[]]");
  }

  @Test
  void aTextIsReadAsItsTokensWithTheBeginToken() {
    String[] text = {"logits", "--top", "2", "--text", "Once upon a time"};
    assertThat(Outcome.of(text))
        .isEqualTo(Outcome.of("logits", "--top", "2", "--tokens", "1,403,407,261,378"));
    text[4] = "-";
    assertThat(Outcome.reading("Once upon a time", text).json().get("tokens"))
        .hasToString("[1,403,407,261,378]");
  }

  @Test
  void theMatrixHasTheNumbersThatTheListHas() throws IOException {
    Path model = folder.resolve("tiny.gguf");
    TinyLlamas.GROUPED.model().write(model);
    Path out = folder.resolve("logits.npy");
    // more positions than a step has
    String prompt =
        TinyLlamas.GROUPED.model().prompt().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(","));
    var logits =
        Outcome.of(
            "logits", "-m", model + "", "--tokens", prompt, "--top", "288", "--out", out + "");
    assertThat(logits.code()).as(logits.error()).isZero();
    Matrix matrix = Matrix.read(out);
    assertThat(matrix.rows()).isEqualTo(40);
    assertThat(matrix.columns()).isEqualTo(288);
    JsonNode best = logits.json().get("top288");
    for (int row = 0; row < matrix.rows(); row++) {
      for (JsonNode pair : best.get(row)) {
        assertThat((float) pair.get(1).asDouble())
            .as("position %d, id %s", row, pair.get(0))
            .isCloseTo(matrix.at(row, pair.get(0).asInt()), within(0f));
      }
    }
  }

  @Test
  void aMatrixThatCannotBeWrittenIsAStorageFailure() {
    var logits = Outcome.of("logits", "--tokens", "1", "--out", folder.resolve("no/x.npy") + "");
    assertThat(logits.code()).isEqualTo(6);
    assertThat(logits.error()).contains("x.npy").contains("choose another place");
  }

  @Test
  void idsBeyondTheVocabularyAreRefused() {
    for (String id : new String[] {"512", "-1"}) {
      var logits = Outcome.of("logits", "--tokens", id);
      assertThat(logits.code()).isEqualTo(2);
      assertThat(logits.error()).contains("from 0 to 511").contains(id);
      assertThat(logits.out()).isEmpty();
    }
  }
}
