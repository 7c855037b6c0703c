package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class InspectCommandTest {

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("tiny.gguf");
  }

  @Test
  void aPersonReadsArchitectureMixAndMetadata() {
    TinyLlamas.Q4_K_M.model().write(file);
    var inspect = Outcome.of("inspect", file + "");
    assertThat(inspect.code()).as(inspect.error()).isZero();
    assertThat(inspect.error()).isEmpty();
    assertThat(inspect.out())
        .containsPattern("(?m)^file +tiny.gguf$")
        .containsPattern("(?m)^format +GGUF v3, aligned to 32 bytes$")
        .containsPattern("(?m)^architecture +llama$")
        .containsPattern("(?m)^parameters +.* tensors, .* bits each$")
        .containsPattern("(?m)^ +F32 .* tensors")
        .containsPattern("(?m)^ +Q4_K .* tensors")
        .containsPattern("(?m)^ +Q6_K .* tensors")
        .containsPattern("(?m)^chat template +no$")
        .containsPattern("(?m)^llama.context_length = 256$")
        .contains("tokenizer.ggml.tokens = ")
        .contains("x 288")
        .doesNotContain("blk.0.attn_q.weight");
  }

  @Test
  void tensorsAreListedWhereTheyAreAskedFor() {
    TinyLlamas.GROUPED.model().write(file);
    assertThat(Outcome.of("inspect", "--tensors", file + "").out())
        .containsPattern("(?m)^token_embd.weight +F32 +\\[288, 64]$")
        .containsPattern("(?m)^blk.1.attn_k.weight +F32 +\\[32, 64]$");
  }

  @Test
  void jsonAddsUp() {
    TinyLlamas.Q4_K_M.model().write(file);
    JsonNode json = Outcome.of("inspect", "--json", "--tensors", file + "").json();
    assertThat(json.get("architecture").asString()).isEqualTo("llama");
    assertThat(json.get("metadata").get("llama.context_length").asInt()).isEqualTo(256);
    assertThat(json.get("metadata").get("tokenizer.ggml.tokens").get("length").asInt())
        .isEqualTo(288);
    assertThat(json.get("tensors")).hasSize(json.get("tensorCount").asInt());
    long elements = 0;
    long bytes = 0;
    for (JsonNode tensor : json.get("tensors")) {
      long product = 1;
      for (JsonNode extent : tensor.get("shape")) {
        product *= extent.asLong();
      }
      elements += product;
      bytes += tensor.get("bytes").asLong();
    }
    assertThat(json.get("parameters").asLong()).isEqualTo(elements);
    assertThat(json.get("weightBytes").asLong()).isEqualTo(bytes);
    long shared = 0;
    for (JsonNode share : json.get("quantisation")) {
      shared += share.get("elements").asLong();
    }
    assertThat(shared).isEqualTo(elements);
    assertThat(json.get("bitsPerWeight").asDouble())
        .isCloseTo(8.0 * bytes / elements, within(0.005));
  }

  @Test
  void anArchitectureThatCannotRunCanBeInspected() {
    TinyLlamas.GROUPED.model().withArchitecture("frobnicate").write(file);
    var inspect = Outcome.of("inspect", file + "");
    assertThat(inspect.code()).isZero();
    assertThat(inspect.out()).containsPattern("(?m)^architecture +frobnicate$");
  }

  @Test
  void aFileWithoutAnythingCanBeInspected() {
    new GgufWriter().write(file);
    assertThat(Outcome.of("inspect", "--tensors", file + "").code()).isZero();
    assertThat(Outcome.of("inspect", "--json", file + "").json().get("parameters").asLong())
        .isZero();
  }

  @Test
  void nothingInAFileMovesTheCursor() {
    String evil = "a\u001b[2J\u009b1A\r\b\u0007\u0085\u007f";
    new GgufWriter()
        .put("general.architecture", GgufValue.text(evil))
        .put("list", GgufValue.texts(List.of(evil, evil)))
        .tensor("tensor", DType.F32, Shape.of(1), MemorySegment.ofArray(new byte[] {0, 0, 0, 0}))
        .write(file);
    var inspect = Outcome.of("inspect", "--tensors", file + "");
    assertThat(inspect.code()).as(inspect.error()).isZero();
    assertThat(inspect.out().replace(System.lineSeparator(), ""))
        .doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f]");
    var run = Outcome.of("run", "-m", file + "", "hello");
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.error().strip()).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f]");
  }

  @Test
  void aLongValueIsCutBetweenCharacters() {
    new GgufWriter().put("general.name", GgufValue.text("x" + "🙂".repeat(200))).write(file);
    assertThat(Outcome.of("inspect", file + "").out())
        .containsPattern("general.name = x(🙂)+… \\(\\d+ characters\\)");
  }
}
