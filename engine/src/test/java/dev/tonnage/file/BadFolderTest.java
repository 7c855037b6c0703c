package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.model.FolderStorage;
import dev.tonnage.model.TinyFolder;
import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Folders that cannot be run: each is an error that names what is wrong. */
class BadFolderTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  @BeforeEach
  void write() {
    new TinyFolder(TinyLlamas.GROUPED.model()).write(folder);
  }

  @Test
  void withNothingChangedItIsRead() {
    open();
  }

  /** With its tokenizer, which is read when it is asked for. */
  private void open() {
    try (var checkpoint = FolderCheckpoint.open(folder)) {
      assertThat(checkpoint.metadata().keys()).contains("tokenizer.ggml.tokens");
    }
  }

  private void refused(Class<? extends TonnageException> type, String... parts) {
    assertThatThrownBy(this::open).isInstanceOf(type).hasMessageContainingAll(parts);
  }

  private void config(Consumer<ObjectNode> change) throws IOException {
    Path path = folder.resolve("config.json");
    var config = (ObjectNode) JSON.readTree(Files.readAllBytes(path));
    change.accept(config);
    Files.writeString(path, JSON.writeValueAsString(config));
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
  void aFileThatIsMissingIsNamed(String file) throws IOException {
    Files.delete(folder.resolve(file));
    refused(StorageFailure.class, file);
  }

  @Test
  void filesBesideTheModelMayBeMissing() throws IOException {
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.delete(folder.resolve("generation_config.json"));
    open();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "tokenizer_config.json"})
  void whatIsNotJsonIsNamed(String file) throws IOException {
    for (String content : new String[] {"", "[1]", "{", "{\"a\": 1, \"a\": 2}", "{} {}", "[[[["}) {
      Files.writeString(folder.resolve(file), content);
      refused(BadFile.class, file);
    }
    Files.writeString(folder.resolve(file), "{\"a\":" + "[".repeat(100_000));
    refused(BadFile.class, file);
  }

  /** Of what would be computed otherwise, the key is named. */
  @ParameterizedTest
  @CsvSource({
    "model_type, \"mamba\"",
    "hidden_act, \"gelu\"",
    "residual_multiplier, 2",
    "quantization_config, {\"quant_method\": \"awq\"}",
    "layer_types, [\"sliding_attention\"]"
  })
  void whatIsNotKnownIsRefusedByItsName(String key, String value) throws IOException {
    config(config -> config.set(key, JSON.readTree(value)));
    refused(UnsupportedModel.class, "config.json", key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "swiglu_limit; 6",
        "layer_types; [\"sliding_attention\"]",
        "layer_types; [\"full_attention\", \"sliding_attention\"]",
        "layer_types; [\"sliding_attention\", \"chunked_attention\"]"
      })
  void whatIsNotKnownOfGptOssIsRefusedByItsName(String key, String value) throws IOException {
    writeGptOss();
    config(config -> config.set(key, JSON.readTree(value)));
    refused(UnsupportedModel.class, "config.json", key);
  }

  @Test
  void blocksWithoutTheirScalesOrOfAnotherShapeAreNamed() throws IOException {
    writeGptOss();
    open();
    rename("down_proj_scales", "down_proj_scalez");
    refused(BadFile.class, "model.layers.0.mlp.experts.down_proj_scales");
    writeGptOss();
    rename("[4,128,4,16]", "[4,128,2,32]");
    refused(BadFile.class, "gate_up_proj_blocks", "blocks of 16 bytes");
    writeGptOss();
    rename("[4,128,4]", "[4,64,8]");
    refused(BadFile.class, "gate_up_proj_scales", "[4, 128, 4]");
    writeGptOss();
    config(config -> config.remove("quantization_config"));
    refused(UnsupportedModel.class, "gate_up_proj_blocks", "U8");
  }

  private void writeGptOss() {
    new TinyFolder(TinyLlamas.GPT_OSS_MXFP4.model(), FolderStorage.MXFP4_EXPERTS, false)
        .write(folder);
  }

  /** In the header, where the new text must be as long. */
  private void rename(String from, String to) throws IOException {
    Path path = folder.resolve("model.safetensors");
    String file = Files.readString(path, StandardCharsets.ISO_8859_1);
    assertThat(file).contains(from);
    String padded = to + " ".repeat(from.length() - to.length());
    Files.writeString(
        path, file.replaceFirst(Pattern.quote(from), padded), StandardCharsets.ISO_8859_1);
  }

  @Test
  void scalingThatIsNotKnownIsRefusedByItsName() throws IOException {
    config(config -> config.set("rope_scaling", JSON.readTree("{\"type\": \"dynamic\"}")));
    refused(UnsupportedModel.class, "rope scaling 'dynamic'");
    String yarn = "{\"type\": \"yarn\", \"factor\": 4, \"surprise\": 1}";
    config(config -> config.set("rope_scaling", JSON.readTree(yarn)));
    refused(UnsupportedModel.class, "rope_scaling", "surprise");
  }

  @ParameterizedTest
  @CsvSource({
    "num_hidden_layers, 0",
    "hidden_size, \"64\"",
    "hidden_size, 1e300",
    "num_attention_heads, 99999999999999999999",
    "rope_theta, true",
    "tie_word_embeddings, 1",
    "rope_scaling, 3"
  })
  void aValueThatCannotBeIsRefusedByItsKey(String key, String value) throws IOException {
    config(config -> config.set(key, JSON.readTree(value)));
    refused(BadFile.class, "config.json: " + key);
  }

  @Test
  void anOutputThatIsNotThereIsNamed() throws IOException {
    new TinyFolder(TinyLlamas.TIED.model()).write(folder);
    config(config -> config.put("tie_word_embeddings", false));
    refused(BadFile.class, "lm_head.weight");
  }

  @Test
  void anIndexLeadsNowhereElse() throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    for (String file : new String[] {"../model.safetensors", "/etc/passwd", "..", "a\\b", ""}) {
      ObjectNode json = JSON.createObjectNode();
      json.putObject("weight_map").put("lm_head.weight", file);
      Files.writeString(index, JSON.writeValueAsString(json));
      refused(BadFile.class, "weight_map", "a file in the folder");
    }
    ObjectNode json = JSON.createObjectNode();
    json.putObject("weight_map").put("nothing.weight", "model.safetensors");
    Files.writeString(index, JSON.writeValueAsString(json));
    refused(BadFile.class, "weight_map", "1 tensors");
  }

  /** Headers of a file with eight bytes of numbers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 4]}}",
        "{'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0, 12]}}",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 0]}}",
        "{'a': {'dtype': 'F32', 'shape': [-2], 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [0], 'data_offsets': [0, 0]}}",
        "{'a': {'dtype': 'F32', 'shape': [4294967296, 4294967298], 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [4611686018427387906], 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [1,1,1,1,1,1,1,1,2], 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0]}}",
        "{'a': {'dtype': 'F32', 'shape': 2, 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F32', 'shape': [2.0], 'data_offsets': [0, 8]}}",
        "{'a': {'dtype': 'F31', 'shape': [2], 'data_offsets': [0, 8]}}",
        "{'a': {'shape': [2], 'data_offsets': [0, 8]}}",
        "{'a': 7}",
        "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]},"
            + "'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}",
        "{}",
        "[]",
        "{"
      })
  void aHeaderThatCannotBeIsRefused(String header) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(16 + json.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    Files.write(folder.resolve("model.safetensors"), file.array());
    refused(TonnageException.class, "model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1L << 20, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aHeaderThatIsNotThereIsRefused(long length) throws IOException {
    byte[] file = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    Files.write(folder.resolve("model.safetensors"), file);
    refused(BadFile.class, "model.safetensors");
    Files.write(folder.resolve("model.safetensors"), new byte[] {1, 2, 3});
    refused(BadFile.class, "model.safetensors");
  }

  /** Whatever bytes change, what is open can be looked at, and what is not says why. */
  @Test
  void randomChangesAreReadOrRefused() throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (String name : new String[] {"model.safetensors", "config.json", "tokenizer.json"}) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      for (int i = 0; i < 300; i++) {
        byte[] changed = bytes.clone();
        int header = Math.min(bytes.length, 2000);
        for (int change = random.nextInt(3); change >= 0; change--) {
          changed[random.nextInt(header)] = (byte) random.nextInt();
        }
        Files.write(folder.resolve(name), changed);
        Throwable thrown = catchThrowable(this::open);
        if (thrown != null) {
          assertThat(thrown).as("%s, seed %d", name, seed).isInstanceOf(TonnageException.class);
        }
      }
      Files.write(folder.resolve(name), bytes);
    }
  }
}
