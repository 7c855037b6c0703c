package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a {@code tokenizer.json} makes of strings, against the library that writes such files. */
class FolderIdsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path root;

  private record Vectors(List<String> strings, Map<String, List<List<Integer>>> ids) {}

  static Stream<String> names() {
    return LibraryIds.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyStringHasTheIdsThatTheModelsOwnLibraryGives(String name) throws IOException {
    assertRecorded(name, open(folder(name, tiny(name), _ -> {})));
  }

  private static void assertRecorded(String name, Tokenizer tokenizer) throws IOException {
    String[] strings = LibraryIds.strings();
    RecordedIds.Ids recorded = LibraryIds.of(name);
    for (int i = 0; i < strings.length; i++) {
      for (SpecialTokens specialTokens : SpecialTokens.values()) {
        assertThat(Arrays.stream(tokenizer.encode(strings[i], specialTokens)).boxed().toList())
            .as("%s, '%s', %s", name, strings[i], specialTokens)
            .isEqualTo(recorded.of(i, specialTokens));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void charactersThatFallBackToBytesHaveTheLibrarysIds(TinyCharacters tiny) throws IOException {
    assertRecorded(tiny.label(), open(write(tiny.label(), tiny.json(), 1000)));
  }

  @ParameterizedTest
  @EnumSource
  void charactersThatFellBackToBytesAreTextAgain(TinyCharacters tiny) throws IOException {
    Tokenizer tokenizer = open(write(tiny.label(), tiny.json(), 1000));
    for (String string : List.of("水車 of the mill\n", "don't  sleep", "q", "😀")) {
      int[] ids = tokenizer.encode(string, SpecialTokens.AS_TEXT);
      assertThat(tokenizer.decode(ids, ControlTokens.HIDDEN)).isEqualTo(string);
    }
  }

  @Test
  void ranksHaveTiktokensIds() throws IOException {
    Tokenizer tokenizer = open(ranks(TinyRanks.model(), TinyRanks.config()));
    assertRecorded(TinyRanks.NAME, tokenizer);
    int reserved = TinyRanks.count() + 3;
    assertThat(tokenizer.encode("<|reserved_token_" + reserved + "|>", SpecialTokens.PARSED))
        .containsExactly(reserved);
    assertThat(tokenizer.specialIds().bos()).hasValue(TinyRanks.count());
    assertThat(tokenizer.specialIds().endsGeneration(TinyRanks.count() + 1)).isTrue();
  }

  @Test
  void ranksWhoseIdsWouldBeGuessesAreRefusedByName() throws IOException {
    String model = new String(TinyRanks.model(), StandardCharsets.US_ASCII);
    Map<String, Object> config = TinyRanks.config();
    config.put("auto_map", Map.of("AutoTokenizer", List.of("tokenization_qwen.Other")));
    assertRanksRefused(model, config, "tokenization_qwen.Other");
    config.remove("auto_map");
    assertRanksRefused(model, config, "code that is not named");
    config.putAll(TinyRanks.config());
    assertRanksRefused(model.replace("IQ== 33\n", "I!== 33\n"), config, "line 34");
    assertRanksRefused(model.replace("IQ== 33\n", "IQ== 34\n"), config, "the rank 33");
    assertRanksRefused(model.replace("IQ== 33\n", " 33\n"), config, "line 34");
    assertRanksRefused(model.replace("Ig== 34\n", "IQ== 34\n"), config, "only once");
    assertRanksRefused(model.replace("IQ== 33\n", "YWFhYWFh 33\n"), config, "none for 33");
    config.put("added_tokens_decoder", Map.of("7", Map.of("content", "<7>")));
    assertRanksRefused(model, config, "found 7");
    var unsaid = new LinkedHashMap<String, Object>();
    unsaid.put(TinyRanks.count() + "", null);
    config.put("added_tokens_decoder", unsaid);
    assertRanksRefused(model, config, "an object");
    config.put("added_tokens_decoder", Map.of(TinyRanks.count() + "", "[BOS]"));
    assertRanksRefused(model, config, "an object");
    StringBuilder more = new StringBuilder(model);
    for (int rank = TinyRanks.count(); rank <= TinyRanks.count() + 256; rank++) {
      byte[] token = ("token " + rank).getBytes(StandardCharsets.US_ASCII);
      more.append(Base64.getEncoder().encodeToString(token)).append(' ').append(rank).append('\n');
    }
    assertRanksRefused(more.toString(), TinyRanks.config(), "rows");
  }

  private static void assertRanksRefused(String model, Map<String, Object> config, String part)
      throws IOException {
    Path folder = ranks(model.getBytes(StandardCharsets.US_ASCII), config);
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(TonnageException.class)
        .hasMessageContaining(part);
  }

  private static Path ranks(byte[] model, Map<String, Object> config) throws IOException {
    Path folder = write(TinyRanks.NAME, Map.of(), TinyRanks.count() + 256);
    Files.delete(folder.resolve("tokenizer.json"));
    Files.write(folder.resolve("tiktoken.model"), model);
    Files.writeString(folder.resolve("tokenizer_config.json"), JSON.writeValueAsString(config));
    return folder;
  }

  @Test
  void spacesThatAreWrittenOtherwiseAreRefusedByName() throws IOException {
    Map<String, Object> json = TinyCharacters.METASPACE_FIRST.json();
    json.put("pre_tokenizer", Map.of("type", "Metaspace", "replacement", "▁"));
    assertRefused(json, "Metaspace, or its split");
    json.put("pre_tokenizer", null);
    assertRefused(json, "spaces");
    json.put("normalizer", Map.of("type", "NFKC"));
    assertRefused(json, "NFKC");
    Map<String, Object> prepended = TinyCharacters.PREPENDED.json();
    prepended.put("added_tokens", List.of(Map.of("id", 1, "content", "<s>", "normalized", true)));
    assertRefused(prepended, "normalized of '<s>'");
    Map<String, Object> incomplete = TinyCharacters.PREPENDED.json();
    ((Map<?, ?>) model(incomplete).get("vocab")).remove("<0x0A>");
    assertRefused(incomplete, "<0x0A>");
  }

  private static void assertRefused(Map<String, Object> json, String part) throws IOException {
    Path folder = write("refused", json, 1000);
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContaining(part);
  }

  /** Real vocabularies, written as the library writes them. */
  @ParameterizedTest
  @CsvSource({
    "vocab-llama.gguf, llama3_1, llama-bpe",
    "vocab-deepseek.gguf, deepseek_v3, deepseek-v3",
    "vocab-qwen2.gguf, qwen2_5, qwen2"
  })
  void realVocabulariesHaveTheLibrarysIds(String file, String name, String words)
      throws IOException {
    Path path = SharedFiles.models().resolve(file);
    assumeTrue(Files.isRegularFile(path), "no " + path);
    Vectors vectors = JSON.readValue(SharedFiles.tokenizerVectors().toFile(), Vectors.class);
    Tokenizer tokenizer = open(folder(words, path, _ -> {}));
    for (int i = 0; i < vectors.strings.size(); i++) {
      int[] ids = tokenizer.encode(vectors.strings.get(i), SpecialTokens.PARSED);
      assertThat(IntStream.of(ids).boxed().toList())
          .as("%s, '%s'", name, vectors.strings.get(i))
          .isEqualTo(vectors.ids.get(name).get(i));
    }
  }

  @Test
  void aTemplateSaysWhetherAPromptBegins() throws IOException {
    List<Map<String, Object>> begun =
        List.of(
            Map.of("SpecialToken", Map.of("id", "<|begin|>", "type_id", 0)),
            Map.of("Sequence", Map.of("id", "A", "type_id", 0)));
    Tokenizer begins =
        open(
            folder(
                "llama-bpe",
                tiny("llama-bpe"),
                json ->
                    json.put(
                        "post_processor", Map.of("type", "TemplateProcessing", "single", begun))));
    int bos = begins.vocabulary().id("<|begin|>").orElseThrow();
    assertThat(begins.encodePrompt("", SpecialTokens.AS_TEXT)).containsExactly(bos);
    Tokenizer plain = open(folder("llama-bpe", tiny("llama-bpe"), _ -> {}));
    assertThat(plain.encodePrompt("", SpecialTokens.AS_TEXT)).isEmpty();
  }

  @Test
  void whatWouldGiveOtherIdsIsRefusedByName() throws IOException {
    refused(json -> json.put("normalizer", Map.of("type", "Lowercase")), "Lowercase");
    refused(
        json ->
            json.put(
                "pre_tokenizer",
                Map.of(
                    "type",
                    "Split",
                    "pattern",
                    Map.of("Regex", "\\w+"),
                    "behavior",
                    "Isolated",
                    "invert",
                    false)),
        "\\w+");
    refused(json -> json.put("pre_tokenizer", Map.of("type", "Metaspace")), "Metaspace");
    refused(
        json -> json.put("pre_tokenizer", Map.of("type", "ByteLevel", "add_prefix_space", true)),
        "add_prefix_space");
    refused(json -> model(json).put("type", "Unigram"), "Unigram");
    refused(json -> model(json).put("byte_fallback", true), "pre_tokenizer ByteLevel");
    refused(json -> model(json).put("dropout", 0.1), "dropout = 0.1");
    refused(
        json ->
            json.put(
                "added_tokens",
                List.of(Map.of("id", 3, "content", "<mask>", "lstrip", true, "special", true))),
        "lstrip of '<mask>'");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    refused(json -> model(json).put("vocab", Map.of("a", -1)), "-1");
    refused(json -> model(json).put("vocab", Map.of("a", 1 << 23)), "8388608");
    refused(json -> model(json).put("vocab", Map.of("a", "b")), "ids");
    refused(json -> model(json).put("merges", List.of(List.of("a"))), "pairs as merges");
    refused(json -> model(json).put("merges", List.of(7)), "texts as merges");
    refused(json -> json.remove("model"), "tokenizer");
  }

  private static void refused(Consumer<Map<String, Object>> change, String part)
      throws IOException {
    Path folder = folder("gpt-2", tiny("gpt-2"), change);
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(TonnageException.class)
        .hasMessageContaining(part);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> model(Map<String, Object> json) {
    return (Map<String, Object>) json.get("model");
  }

  private static Tokenizer open(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return Tokenizer.of(checkpoint.metadata());
    }
  }

  private static Path tiny(String name) {
    Path path = root.resolve(name + ".gguf");
    if (Files.notExists(path)) {
      TinyVocabulary.byteLevel(name).write(path);
    }
    return path;
  }

  /**
   * A folder with a vocabulary that is written as the library writes it, and an embedding of one
   * number a token.
   *
   * @param words the published way to cut text, by its name in GGUF files
   */
  private static Path folder(String words, Path gguf, Consumer<Map<String, Object>> change)
      throws IOException {
    var json = new LinkedHashMap<String, Object>();
    int size;
    try (GgufCheckpoint checkpoint = GgufCheckpoint.open(gguf)) {
      Metadata metadata = checkpoint.metadata();
      byte[][] tokens = metadata.array("tokenizer.ggml.tokens").utf8();
      int[] types = metadata.array("tokenizer.ggml.token_type").ints();
      size = tokens.length;
      var vocabulary = new LinkedHashMap<String, Integer>();
      var added = new ArrayList<Map<String, Object>>();
      for (int id = 0; id < size; id++) {
        String text = new String(tokens[id], StandardCharsets.UTF_8);
        if (types[id] == TinyVocabulary.NORMAL) {
          vocabulary.put(text, id);
        } else if (types[id] != TinyVocabulary.UNUSED) {
          boolean isSpecial = types[id] != TinyVocabulary.USER_DEFINED;
          added.add(Map.of("id", id, "content", text, "special", isSpecial));
        }
      }
      List<String> merges =
          Arrays.stream(metadata.array("tokenizer.ggml.merges").utf8())
              .map(each -> new String(each, StandardCharsets.UTF_8))
              .toList();
      JsonNode published =
          JSON.valueToTree(RecordedIds.read("library/pre-tokenizers.json", Map.class)).get(words);
      var model = new LinkedHashMap<String, Object>();
      model.put("type", "BPE");
      model.put("ignore_merges", published.get("ignore_merges"));
      model.put("vocab", vocabulary);
      model.put("merges", merges);
      json.put("added_tokens", added);
      json.put("normalizer", published.get("normalizer"));
      json.put("pre_tokenizer", published.get("pre_tokenizer"));
      json.put("model", model);
    }
    change.accept(json);
    return write(words, json, size);
  }

  private static Path write(String name, Map<String, Object> json, int size) throws IOException {
    Path folder = Files.createTempDirectory(root, name);
    Files.writeString(folder.resolve("tokenizer.json"), JSON.writeValueAsString(json));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<|begin|>\"}");
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": 1, "intermediate_size": 1, "num_hidden_layers": 1,
         "num_attention_heads": 1, "max_position_embeddings": 8, "tie_word_embeddings": true}
        """);
    Files.write(folder.resolve("model.safetensors"), embedding(size));
    return folder;
  }

  private static byte[] embedding(int tokens) {
    byte[] header =
        """
        {"model.embed_tokens.weight": {"dtype": "F16", "shape": [%d, 1], "data_offsets": [0, %d]}}
        """
            .formatted(tokens, 2 * tokens)
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + 2 * tokens)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }
}
