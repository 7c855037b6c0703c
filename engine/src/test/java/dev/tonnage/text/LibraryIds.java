package dev.tonnage.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the models' own library makes of a few hundred strings with the tiny vocabulary of each
 * family of pre-tokenizers, read from the folder {@code library}. How they were recorded, and how
 * they are again, stands in the README beside it.
 */
final class LibraryIds {

  /** A name of each family. */
  static final List<String> NAMES =
      List.of(
          "command-r",
          "deepseek-coder",
          "deepseek-llm",
          "deepseek-v3",
          "glm4",
          "gpt-2",
          "gpt-4o",
          "kimi-k2",
          "llama-bpe",
          "minimax-m2",
          "qwen2",
          "starcoder",
          "tekken");

  private static final String FOLDER = "library/";

  private LibraryIds() {}

  static String[] strings() throws IOException {
    return RecordedIds.read(FOLDER + "strings.json", String[].class);
  }

  static RecordedIds.Ids of(String name) throws IOException {
    return RecordedIds.read(FOLDER + "ids-" + name + ".json", RecordedIds.Ids.class);
  }

  /**
   * Writes the vocabularies and new strings for the library to encode.
   *
   * @param args a folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (String name : NAMES) {
      TinyVocabulary.byteLevel(name).write(folder.resolve(name + ".gguf"));
    }
    for (TinyCharacters tiny : TinyCharacters.values()) {
      Path file = folder.resolve(tiny.label() + ".tokenizer.json");
      Files.writeString(file, new JsonMapper().writeValueAsString(tiny.json()));
    }
    Files.write(folder.resolve(TinyRanks.NAME + ".model"), TinyRanks.model());
    Files.writeString(
        folder.resolve(TinyRanks.NAME + ".config.json"),
        new JsonMapper().writeValueAsString(TinyRanks.config()));
    RecordedIds.write(newStrings(), folder.resolve("strings.json"));
  }

  private static Set<String> newStrings() {
    List<String> pieces =
        List.of(
            "the",
            " mill",
            " wheel",
            " whole",
            "cornmill",
            "camelCase",
            "HTTPServer",
            " lateSE",
            "SEsacks",
            "aBC",
            "ABc",
            "éÀ",
            "Aé",
            "café",
            "MÜLLER",
            "Мельник",
            "РЕКА",
            "яRя",
            "μύλος",
            "ǅa",
            "aǅ",
            "ʰA",
            "ªº",
            "𐐀𐐨",
            "ℵ",
            "K",
            "ﬁ",
            "ａＡ",
            "Ა",
            "'s",
            "'S",
            "'sx",
            "t's",
            "S'S",
            "'ll",
            "'LL",
            "'Re",
            "n't",
            "'ſ",
            "''",
            "1",
            "12",
            "123",
            "1234",
            "12345",
            "a1",
            "1a",
            "½½",
            "١٢٣",
            "Ⅷ",
            "²",
            "𝟘",
            " ",
            "  ",
            "   ",
            "\t",
            "\t\t",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " \n",
            "\n ",
            "  \r\n ",
            "\u00a0",
            "\u3000",
            "\u2028",
            "\u0085",
            "\u200d",
            ".",
            "!",
            "!!!",
            "!\n/",
            ")/",
            "/",
            "//x",
            "(x",
            "[i]",
            "_",
            "a_b",
            "-- ",
            "x=1;",
            "$",
            "€",
            "^",
            "~",
            "…",
            "“",
            "‘",
            "。",
            "，",
            "、",
            "・",
            "\u3000。",
            "。a",
            "水",
            "水車は",
            "磨坊",
            "水a",
            "a水",
            "水1",
            "龦",
            "𠀀",
            "々",
            "カード",
            "ー水",
            "한水",
            "방앗간",
            "ㄅ",
            "चक्की",
            "क़",
            "עברית",
            "ไทย",
            "ខ្មែរ",
            "😀",
            "👍🏽",
            "👩‍👩‍👧",
            "e\u0301",
            "E\u0301a",
            "u\u0308",
            "!\u0301",
            "E\u0301BC",
            "😀  ",
            "😀 “",
            "한\u0001",
            "\u0301\u0323",
            "\u20dd",
            "\u0000",
            "\u0001",
            "\u007f",
            "\ue000",
            "\u0378",
            "<unk>",
            "<note>",
            "<note>s",
            "mühle",
            "<|begin|>",
            "<|end_of_text|>",
            "<|im_end|>",
            "<|im_end",
            "[PAD1]");
    Random random = new Random(2026);
    Set<String> strings = new LinkedHashSet<>(pieces);
    while (strings.size() < 500) {
      StringBuilder string = new StringBuilder();
      int count = 2 + random.nextInt(7);
      for (int i = 0; i < count; i++) {
        String piece = pieces.get(random.nextInt(pieces.size()));
        string.append(piece.repeat(random.nextInt(6) == 0 ? 3 : 1));
      }
      strings.add(string.toString());
    }
    return strings;
  }
}
