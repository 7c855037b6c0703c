package dev.tonnage.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code tokenizer.json} of a {@link TinyFolder}. */
final class TinyTokenizerJson {

  private TinyTokenizerJson() {}

  /** Bytes, one merge, two control tokens. */
  static Map<String, Object> value() {
    var tokens = new LinkedHashMap<String, Integer>();
    for (int octet = 0; octet < 256; octet++) {
      tokens.put(Character.toString(letter(octet)), octet);
    }
    tokens.put("ab", 256);
    Map<String, Object> model =
        Map.of("type", "BPE", "vocab", tokens, "merges", List.of(List.of("a", "b")));
    return Map.of(
        "version",
        "1.0",
        "added_tokens",
        List.of(control(257, "<s>"), control(258, "</s>")),
        "pre_tokenizer",
        Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", true),
        "model",
        model);
  }

  private static Map<String, Object> control(int id, String content) {
    return Map.of("id", id, "content", content, "special", true, "lstrip", false);
  }

  /** Of GPT-2's alphabet: a byte that prints as itself, or one of the letters from 256 on. */
  private static int letter(int octet) {
    int next = 256;
    for (int each = 0; each <= octet; each++) {
      boolean prints = (each > 32 && each < 127) || (each > 160 && each != 173);
      if (each == octet) {
        return prints ? each : next;
      }
      next += prints ? 0 : 1;
    }
    throw new AssertionError(octet);
  }
}
