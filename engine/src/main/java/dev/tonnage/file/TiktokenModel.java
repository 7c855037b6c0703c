package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code tiktoken.model} that Kimi's models have in place of a {@code tokenizer.json}: a line
 * for each token, its bytes in base 64 and its rank, which is its id. Special tokens follow; {@code
 * tokenizer_config.json} names some of them, the others are reserved.
 *
 * <p>Source: tiktoken's {@code load_tiktoken_bpe}, and {@code tokenization_kimi.py} as published
 * with the models.
 */
final class TiktokenModel {

  static final String FILE = "tiktoken.model";

  /** The code that such a folder names, of which it is known how it cuts text. */
  private static final String KIMI = "tokenization_kimi.TikTokenTokenizer";

  private static final int RESERVED = 256;

  private final String name;
  private final int vocabulary;
  private final Map<String, Integer> ranks = new LinkedHashMap<>();

  private TiktokenModel(String name, int vocabulary) {
    this.name = name;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads it as the {@code tokenizer.json} that would say the same.
   *
   * @param name for messages
   * @param config tokenizer_config.json
   * @param vocabulary rows of the embedding, which may leave no room for the last special tokens
   */
  static TokenizerJson parse(String name, byte[] lines, JsonObject config, int vocabulary) {
    String code =
        config
            .findObject("auto_map")
            .flatMap(map -> map.find("AutoTokenizer"))
            .map(each -> each.isArray() ? each.path(0).asString("") : each.asString(""))
            .orElse("");
    if (!code.equals(KIMI)) {
      throw new UnsupportedModel(
          name,
          "text cut into words by " + (code.isEmpty() ? "code that is not named" : code),
          "known is " + KIMI);
    }
    var model = new TiktokenModel(name, vocabulary);
    model.readRanks(lines);
    ObjectNode rest = JsonFile.mapper().createObjectNode();
    rest.set("added_tokens", model.added(config));
    return new TokenizerJson(
        model.ranks, List.of(), new TokenizerJson.Kind.Ranks(), new JsonObject(name, rest));
  }

  private void readRanks(byte[] lines) {
    int from = 0;
    for (int number = 1; from < lines.length; number++) {
      int to = from;
      while (to < lines.length && lines[to] != '\n') {
        to++;
      }
      if (ranks.size() >= vocabulary) {
        throw bad("less tokens than the embedding's " + vocabulary + " rows", "more");
      }
      if (to > from) {
        readRank(new String(lines, from, to - from, StandardCharsets.ISO_8859_1), number);
      }
      from = to + 1;
    }
    for (int value = 0; value < 256; value++) {
      if (!ranks.containsKey(visible(new byte[] {(byte) value}))) {
        throw bad("a token for each byte", "none for " + value);
      }
    }
  }

  private void readRank(String line, int number) {
    int space = line.indexOf(' ');
    byte[] token = {};
    if (space > 0) {
      try {
        token = Base64.getDecoder().decode(line.substring(0, space));
      } catch (IllegalArgumentException notBase64) {
        space = 0;
      }
    }
    if (space <= 0 || !line.substring(space + 1).strip().equals(ranks.size() + "")) {
      throw bad("line " + number + " to be bytes in base 64 and the rank " + ranks.size(), line);
    }
    if (token.length == 0 || ranks.put(visible(token), ranks.size()) != null) {
      throw bad("line " + number + " to be bytes that stand there only once", line);
    }
  }

  private static String visible(byte[] token) {
    byte[] written = new byte[2 * token.length];
    int end = ByteAlphabet.write(token, 0, token.length, written, 0);
    return new String(written, 0, end, StandardCharsets.UTF_8);
  }

  /** The tokens behind the ranks. */
  private ArrayNode added(JsonObject config) {
    Map<String, ObjectNode> named = new LinkedHashMap<>();
    config
        .findObject("added_tokens_decoder")
        .ifPresent(map ->
            map.keys()
                .forEach(id -> {
                  if (!(map.find(id).orElse(null) instanceof ObjectNode token)) {
                    throw new BadFile(
                        map.where(id), "an object", "something else", JsonFile.REMEDY);
                  }
                  named.put(id, token);
                }));
    ArrayNode added = JsonFile.mapper().createArrayNode();
    int end = Math.min(vocabulary, ranks.size() + RESERVED);
    for (int id = ranks.size(); id < end; id++) {
      ObjectNode token = named.remove(id + "");
      added.add((token != null ? token : reserved(id)).put("id", id));
    }
    if (!named.isEmpty()) {
      throw new BadFile(
          config.where("added_tokens_decoder"),
          "ids from " + ranks.size() + " to " + (end - 1),
          named.keySet().iterator().next(),
          JsonFile.REMEDY);
    }
    return added;
  }

  private static ObjectNode reserved(int id) {
    return JsonFile.mapper()
        .createObjectNode()
        .put("content", "<|reserved_token_" + id + "|>")
        .put("special", true);
  }

  private BadFile bad(String expected, String found) {
    String start = found.length() > 60 ? found.substring(0, 60) + "…" : found;
    return new BadFile(name, expected, start, JsonFile.REMEDY);
  }
}
