package dev.tonnage.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A {@code tokenizer.json} of a few hundred tokens, as Llama 2 and Mistral have it: characters that
 * are merged and fall back to bytes. Each constant writes spaces otherwise.
 */
enum TinyCharacters {
  /** Llama 2, Mixtral. */
  PREPENDED,
  REPLACED,
  /** Mistral Large. */
  METASPACE_FIRST,
  METASPACE_ALWAYS,
  METASPACE_NEVER;

  private static final int FIRST_OF_OTHER_SCRIPTS = 0x3000;

  /** Of its file. */
  String label() {
    return "characters-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the file says. */
  Map<String, Object> json() {
    var vocabulary = new LinkedHashMap<String, Integer>();
    List<Map<String, Object>> added = new ArrayList<>();
    for (String control : List.of("<unk>", "<s>", "</s>", "<|im_end|>", "<|begin|>")) {
      added.add(added(vocabulary.size(), control, true));
      vocabulary.put(control, vocabulary.size());
    }
    for (int value = 0; value < 256; value++) {
      vocabulary.put("<0x%02X>".formatted(value), vocabulary.size());
    }
    List<List<String>> merges = new ArrayList<>();
    for (String[] pair : TinyVocabulary.characterPairs()) {
      merge(pair[0], pair[1], vocabulary, merges);
    }
    merge("▁", "▁", vocabulary, merges);
    merge("▁▁", "▁▁", vocabulary, merges);
    merge("l", "▁", vocabulary, merges); // across the border of words
    added.add(added(vocabulary.size(), "<note>", false));
    var json = new LinkedHashMap<String, Object>();
    json.put("version", "1.0");
    json.put("added_tokens", added);
    json.put("normalizer", normalizer());
    json.put("pre_tokenizer", cutter());
    var model = new LinkedHashMap<String, Object>();
    model.put("type", "BPE");
    model.put("unk_token", "<unk>");
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("ignore_merges", false);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    json.put("model", model);
    return json;
  }

  private static Map<String, Object> added(int id, String content, boolean isSpecial) {
    return Map.of(
        "id", id,
        "content", content,
        "special", isSpecial,
        "normalized", false,
        "single_word", false,
        "lstrip", false,
        "rstrip", false);
  }

  private static void merge(
      String left, String right, Map<String, Integer> vocabulary, List<List<String>> merges) {
    boolean isSpelledInBytes =
        (left + right).codePoints().anyMatch(each -> each >= FIRST_OF_OTHER_SCRIPTS);
    if (!isSpelledInBytes && !merges.contains(List.of(left, right))) {
      for (String token : List.of(left, right, left + right)) {
        vocabulary.putIfAbsent(token, vocabulary.size());
      }
      merges.add(List.of(left, right));
    }
  }

  private Object normalizer() {
    Map<String, Object> replace =
        Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁");
    return switch (this) {
      case PREPENDED ->
          Map.of(
              "type",
              "Sequence",
              "normalizers",
              List.of(Map.of("type", "Prepend", "prepend", "▁"), replace));
      case REPLACED -> replace;
      case METASPACE_FIRST, METASPACE_ALWAYS, METASPACE_NEVER -> null;
    };
  }

  private Object cutter() {
    return switch (this) {
      case PREPENDED, REPLACED -> null;
      case METASPACE_FIRST -> metaspace("first");
      case METASPACE_ALWAYS -> metaspace("always");
      case METASPACE_NEVER -> metaspace("never");
    };
  }

  private static Map<String, Object> metaspace(String scheme) {
    return Map.of(
        "type", "Metaspace", "replacement", "▁", "prepend_scheme", scheme, "split", false);
  }
}
