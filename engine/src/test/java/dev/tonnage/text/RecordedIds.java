package dev.tonnage.text;

import dev.tonnage.file.GgufValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * What llama.cpp makes of a few hundred strings, read from {@code strings.json} and {@code
 * ids-*.json}. How they were recorded, and how they are again, stands in the README beside them.
 */
final class RecordedIds {

  /** Vocabularies that are generated, by the name of their record. */
  static final Map<String, Supplier<TinyVocabulary>> TINY =
      Map.of(
          "gpt-2", () -> TinyVocabulary.byteLevel("gpt-2"),
          "llama-bpe", () -> TinyVocabulary.byteLevel("llama-bpe"),
          "qwen2", () -> TinyVocabulary.byteLevel("qwen2"),
          "deepseek-v3", () -> TinyVocabulary.byteLevel("deepseek-v3"),
          "sentencepiece", TinyVocabulary::sentencePiece,
          "sentencepiece-without-prefix", RecordedIds::withoutPrefix);

  /**
   * Ids for each string, in the strings' order.
   *
   * @param parsed only where parsing special tokens makes a difference, by the string's index
   */
  record Ids(String engine, List<List<Integer>> asText, Map<Integer, List<Integer>> parsed) {

    /** The ids of a string. */
    List<Integer> of(int string, SpecialTokens specialTokens) {
      return switch (specialTokens) {
        case AS_TEXT -> asText.get(string);
        case PARSED -> parsed.getOrDefault(string, asText.get(string));
      };
    }
  }

  private static final JsonMapper JSON = new JsonMapper();

  private RecordedIds() {}

  private static TinyVocabulary withoutPrefix() {
    return TinyVocabulary.sentencePiece()
        .with("tokenizer.ggml.add_space_prefix", GgufValue.flag(false));
  }

  static String[] strings() throws IOException {
    return read("strings.json", String[].class);
  }

  static Ids of(String vocabulary) throws IOException {
    return read("ids-" + vocabulary + ".json", Ids.class);
  }

  static <T> T read(String name, Class<T> type) throws IOException {
    try (InputStream stream = RecordedIds.class.getResourceAsStream(name)) {
      return JSON.readValue(stream, type);
    }
  }

  /**
   * Writes the vocabularies and new strings for another engine to encode.
   *
   * @param args a folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (var tiny : TINY.entrySet()) {
      tiny.getValue().get().write(folder.resolve(tiny.getKey() + ".gguf"));
    }
    write(newStrings(), folder.resolve("strings.json"));
  }

  static void write(Set<String> strings, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String string : strings) {
      lines.add(JSON.writeValueAsString(string));
    }
    Files.writeString(file, "[\n" + String.join(",\n", lines) + "\n]\n");
  }

  private static Set<String> newStrings() {
    List<String> pieces =
        List.of(
            "the",
            " the",
            "The mill",
            " wheel",
            "mill wheel of the",
            " of the river",
            "corn",
            "cornmill",
            " whole",
            "whole",
            "q",
            "'s",
            "'S",
            "'ll",
            "'LL",
            "'re",
            "'Ve",
            "n't",
            " 's",
            "''",
            "I'M",
            "1",
            "12",
            "123",
            "1234",
            "12345678",
            "3.14",
            "1,000",
            "0x1F",
            "½",
            "١٢٣",
            "Ⅷ",
            " ",
            "  ",
            "   ",
            "\t",
            "\t\t",
            "\n",
            "\n\n",
            " \n",
            "\n ",
            "\r\n",
            "\r",
            " \r\n \r\n",
            "\u00a0",
            "\u3000",
            "\u2028",
            "\u0085",
            "\u200b",
            "\u200d",
            "\ufeff",
            ".",
            ",",
            "!!!",
            "...",
            "--",
            "->",
            "==",
            "(x",
            ")",
            "[i]",
            "{y}",
            "//",
            "#",
            "_",
            "a_b",
            "file.txt",
            "@user",
            "http://a.b/c?d=e&f",
            "x=1;",
            "café",
            "Müller",
            "mühle",
            "Ça",
            "Où",
            "Мельник",
            " реки",
            "μύλος",
            "水車",
            "は",
            "川のそば",
            "磨坊",
            "，",
            "。",
            "「",
            "방앗간",
            "शहर",
            " में",
            "चक्की",
            "עברית",
            "العربية",
            "ไทย",
            "ก็",
            "😀",
            "👍🏽",
            "👩‍👩‍👧",
            "🇩🇪",
            "\u0301",
            "\u0323",
            "x\u0301\u0323",
            "𝒳",
            "𠀀",
            "\u0000",
            "\u0001",
            "\u007f",
            "▁",
            "▁the",
            "<s>",
            "</s>",
            "<unk>",
            "<turn>",
            "<turn",
            "<unused0>",
            "<0x0A>",
            "<note>",
            "<note>s",
            "<note",
            "<|begin|>",
            "<|end_of_text|>",
            "<|im_end|>",
            "<|im_end",
            "[PAD1]");
    Random random = new Random(2026);
    Set<String> strings = new LinkedHashSet<>(List.of("", " "));
    strings.addAll(pieces);
    while (strings.size() < 420) {
      StringBuilder string = new StringBuilder();
      int count = 2 + random.nextInt(7);
      for (int i = 0; i < count; i++) {
        String piece = pieces.get(random.nextInt(pieces.size()));
        string.append(piece.repeat(random.nextInt(6) == 0 ? 3 : 1));
      }
      strings.add(string.toString());
    }
    // llama.cpp does not normalise, the models' own library does: see PreTokenizerTest
    strings.removeIf(string -> !Normalizer.isNormalized(string, Normalizer.Form.NFC));
    return strings;
  }
}
