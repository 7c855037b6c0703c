package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Against the models' own libraries on published vocabularies, where {@code
 * bench/peers/tokenizers/record.mjs} has put them: tens of thousands of random strings for each.
 */
class PublishedVocabulariesTest {

  private record Recorded(String engine, String pre, List<String> strings, List<int[]> ids) {}

  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command_r_plus",
        "deepseek-coder",
        "deepseek-llm",
        "deepseek_v3",
        "glm4",
        "gpt-2",
        "gptoss",
        "kimi-k2",
        "llama3_1",
        "llama4",
        "minimax-m2",
        "mistral_nemo",
        "qwen3",
        "refact",
        "starcoder"
      })
  void everyStringHasTheIdsThatTheModelsOwnLibraryGives(String name) {
    Path folder = SharedFiles.publishedVocabularies().resolve(name);
    assumeTrue(Files.isDirectory(folder), "no " + folder);
    Recorded recorded = JSON.readValue(folder.resolve("ids.json").toFile(), Recorded.class);
    JsonNode published = JSON.readTree(folder.resolve("tokenizer.json").toFile());
    Tokenizer tokenizer =
        vocabulary(published).with(TinyVocabulary.PRE, GgufValue.text(recorded.pre)).tokenizer();
    assertThat(recorded.ids).hasSameSizeAs(recorded.strings).hasSizeGreaterThan(20_000);
    for (int i = 0; i < recorded.strings.size(); i++) {
      assertThat(tokenizer.encode(recorded.strings.get(i), SpecialTokens.PARSED))
          .as("%s, %s, '%s'", name, recorded.engine, recorded.strings.get(i))
          .isEqualTo(recorded.ids.get(i));
    }
  }

  /** As llama.cpp's converter writes it. */
  private static TinyVocabulary vocabulary(JsonNode published) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    JsonNode model = published.get("model");
    model
        .get("vocab")
        .properties()
        .forEach(
            token -> enter(tokens, types, token.getValue(), token.getKey(), TinyVocabulary.NORMAL));
    for (JsonNode added : published.get("added_tokens")) {
      boolean isSpecial = added.get("special").asBoolean();
      enter(
          tokens,
          types,
          added.get("id"),
          added.get("content").asString(),
          isSpecial ? TinyVocabulary.CONTROL : TinyVocabulary.USER_DEFINED);
    }
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : model.get("merges")) {
      merges.add(
          merge.isArray()
              ? merge.get(0).asString() + " " + merge.get(1).asString()
              : merge.asString());
    }
    return TinyVocabulary.byteLevel(tokens, types, merges);
  }

  private static void enter(
      List<String> tokens, List<Integer> types, JsonNode id, String token, int type) {
    while (tokens.size() <= id.asInt()) {
      tokens.add("[PAD" + tokens.size() + "]");
      types.add(TinyVocabulary.UNUSED);
    }
    tokens.set(id.asInt(), token);
    types.set(id.asInt(), type);
  }
}
