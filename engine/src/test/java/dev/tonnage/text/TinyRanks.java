package dev.tonnage.text;

import dev.tonnage.file.ByteAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens of {@link TinyVocabulary} as Kimi's models have theirs: by rank, without merges. */
final class TinyRanks {

  /** Of its files and its record. */
  static final String NAME = "tiktoken";

  private static final List<String> NORMAL = new ArrayList<>();

  static {
    TinyVocabulary tiny = TinyVocabulary.byteLevel("kimi-k2");
    byte[][] tokens = tiny.metadata().array(TinyVocabulary.TOKENS).utf8();
    int[] types = tiny.metadata().array(TinyVocabulary.TYPES).ints();
    for (int id = 0; id < tokens.length; id++) {
      if (types[id] == TinyVocabulary.NORMAL) {
        byte[] bytes = ByteAlphabet.read(tokens[id]);
        NORMAL.add(Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  private TinyRanks() {}

  /** How many tokens there are with a rank: the id of the first that has none. */
  static int count() {
    return NORMAL.size();
  }

  /** A line for each token. */
  static byte[] model() {
    var lines = new StringBuilder();
    for (int rank = 0; rank < NORMAL.size(); rank++) {
      lines.append(NORMAL.get(rank)).append(' ').append(rank).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What stands beside it. */
  static Map<String, Object> config() {
    var added = new LinkedHashMap<String, Object>();
    put(added, 0, "[BOS]", true);
    put(added, 1, "<|im_end|>", true);
    put(added, 2, "<|begin|>", true);
    put(added, 4, "<note>", false);
    var config = new LinkedHashMap<String, Object>();
    config.put("bos_token", "[BOS]");
    config.put("eos_token", "<|im_end|>");
    config.put("tokenizer_class", "TikTokenTokenizer");
    config.put(
        "auto_map",
        Map.of(
            "AutoTokenizer",
            new ArrayList<>(Arrays.asList("tokenization_kimi.TikTokenTokenizer", null))));
    config.put("added_tokens_decoder", added);
    return config;
  }

  private static void put(Map<String, Object> added, int place, String content, boolean isSpecial) {
    added.put(
        count() + place + "",
        Map.of("content", content, "special", isSpecial, "lstrip", false, "rstrip", false));
  }
}
