package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.file.Metadata;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Vocabularies of a few hundred tokens with everything that large ones have, trained here on a few
 * sentences written for it: nobody else's are committed. Always the same, so that what another
 * engine makes of them can be recorded.
 */
final class TinyVocabulary {

  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String SCORES = "tokenizer.ggml.scores";
  static final String MERGES = "tokenizer.ggml.merges";
  static final String MODEL = "tokenizer.ggml.model";
  static final String PRE = "tokenizer.ggml.pre";

  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  private static final String TEXT =
      """
      The miller's daughter didn't sleep; she'd counted 12, 123, 1234 and 12345 sacks in 2026.
      "I'll go," said HE, "and you'll see: it's 3.14 or ½, isn't it?" WE'LL see. THEY'RE late.
      The river the mill the wheel -- the wheel of the mill of the river!!!

      def grind(corn, times=2):
          return [corn for _ in range(times)]  # the same corn, twice
          if (x == 10 && a < b) { y = y + 1; }   // file.txt\tfile.txt
      Der Müller schläft. Le café est fermé à midi. Ça va? Où est le moulin?
      Мельник спит у реки. Мельница у реки. Ο μύλος είναι κοντά στο ποτάμι.
      水車は川のそばにあります。水車小屋は古い。磨坊在河边，磨坊很旧。방앗간은 강가에 있다.
      शहर में चक्की है। चक्की पुरानी है। עברית العربية ١٢٣ ไทย ก็ 😀😀👍🏽 👩‍👩‍👧 \r\n\r\n  \u00a0\u3000 end
      """;

  /** Merges that lead across the borders of words, one pre-tokenizer's or another's. */
  private static final List<String> ACROSS =
      List.of(
          "1234",
          "12345",
          "2026",
          "'ll",
          "'LL",
          "'Re",
          "n't",
          "e the",
          "\n\n",
          " \n",
          "\n ",
          "\r\n\r\n",
          "  \n",
          "!!!\n",
          "(x",
          ".txt",
          "a_b",
          ", 1",
          "x=1;",
          "水車は",
          "क्",
          "!x",
          "lC",
          "TT",
          "PS",
          "se",
          "t's",
          "S'S",
          "'sx",
          "a1",
          "1a",
          " 1",
          "!\n/",
          ")/",
          "/x",
          " a",
          "  x",
          "\u00a0x",
          "水a",
          "a水",
          "水1",
          "ー水",
          "한水",
          "éa",
          "aé",
          "яR",
          "\u0301a",
          "e\u0301",
          "E\u0301",
          "!\u0301",
          "。a",
          "a。",
          "。\n",
          "\u3000。",
          "ʰA",
          "ǅa",
          "½½",
          "\u0301B",
          "😀 ",
          "한\u0001");

  private static final int LONGEST = 10;

  /** Trained once: it takes longer than what most tests do with it. */
  private static final List<String[]> PAIRS = train(bytes(TEXT), "Ġ");

  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();

  private TinyVocabulary() {
    metadata.put("general.architecture", GgufValue.text("llama"));
  }

  /** A byte-level vocabulary of these tokens alone, cut as GPT-2 cuts. */
  static TinyVocabulary byteLevel(List<String> tokens, List<Integer> types, List<String> merges) {
    return new TinyVocabulary()
        .with(MODEL, GgufValue.text("gpt2"))
        .with(PRE, GgufValue.text("gpt-2"))
        .with(tokens, types)
        .with(MERGES, GgufValue.texts(merges));
  }

  /** A SentencePiece vocabulary of these tokens alone, the first the best, without a prefix. */
  static TinyVocabulary sentencePiece(List<String> tokens, List<Integer> types) {
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < scores.length; id++) {
      scores[id] = -id;
    }
    return new TinyVocabulary()
        .with(MODEL, GgufValue.text("llama"))
        .with(tokens, types)
        .with(SCORES, GgufValue.float32s(scores))
        .with("tokenizer.ggml.add_space_prefix", GgufValue.flag(false));
  }

  /** A byte-level vocabulary whose text is cut by one of llama.cpp's names for it. */
  static TinyVocabulary byteLevel(String pre) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(visible(value));
    }
    List<String> merges = new ArrayList<>();
    for (String[] pair : PAIRS) {
      merge(pair[0], pair[1], tokens, merges);
    }
    for (String across : ACROSS) {
      List<String> symbols = bytes(across);
      for (int i = 1; i < symbols.size(); i++) {
        merge(String.join("", symbols.subList(0, i)), symbols.get(i), tokens, merges);
      }
    }
    tokens.add("Ġwhole"); // no merge leads to it
    tokens.add("cornmill");
    while (types.size() < tokens.size()) {
      types.add(NORMAL);
    }
    add(tokens, types, "<|begin|>", CONTROL);
    add(tokens, types, "<|end_of_text|>", CONTROL);
    add(tokens, types, "<|im_end|>", CONTROL);
    add(tokens, types, "<unk>", UNKNOWN);
    add(tokens, types, "<note>", USER_DEFINED);
    add(tokens, types, "<note>s", USER_DEFINED);
    add(tokens, types, "mühle", USER_DEFINED);
    add(tokens, types, "\t\t", USER_DEFINED);
    add(tokens, types, "[PAD1]", UNUSED);
    return new TinyVocabulary()
        .with(MODEL, GgufValue.text("gpt2"))
        .with(PRE, GgufValue.text(pre))
        .with(tokens, types)
        .with(MERGES, GgufValue.texts(merges))
        .with("tokenizer.ggml.bos_token_id", GgufValue.uint32(tokens.indexOf("<|begin|>")))
        .with("tokenizer.ggml.eos_token_id", GgufValue.uint32(tokens.indexOf("<|end_of_text|>")));
  }

  /** A SentencePiece vocabulary with scores, byte tokens and tokens of every type. */
  static TinyVocabulary sentencePiece() {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    add(tokens, types, "<unk>", UNKNOWN);
    add(tokens, types, "<s>", CONTROL);
    add(tokens, types, "</s>", CONTROL);
    for (int value = 0; value < 256; value++) {
      add(tokens, types, "<0x%02X>".formatted(value), BYTE);
    }
    add(tokens, types, "\n", USER_DEFINED);
    add(tokens, types, "<note>", USER_DEFINED);
    add(tokens, types, "mill wheel", USER_DEFINED);
    add(tokens, types, "wheel of the", USER_DEFINED);
    add(tokens, types, "<turn>", CONTROL);
    add(tokens, types, "<unused0>", UNUSED);
    int firstPiece = tokens.size();
    List<String> characters = characters(TEXT);
    for (String[] pair : train(characters, "▁")) {
      String joined = pair[0] + pair[1];
      if (!tokens.contains(joined)) {
        add(tokens, types, joined, NORMAL);
      }
    }
    for (String character : characters.stream().distinct().toList()) {
      if (!character.equals("q") && character.codePointAt(0) < 0x3000) { // the rest is bytes
        add(tokens, types, character, NORMAL);
      }
    }
    float[] scores = new float[tokens.size()];
    for (int id = firstPiece; id < scores.length; id++) {
      scores[id] = -((id - firstPiece) / 3); // three and three are equals
    }
    return new TinyVocabulary()
        .with(MODEL, GgufValue.text("llama"))
        .with(tokens, types)
        .with(SCORES, GgufValue.float32s(scores))
        .with("tokenizer.ggml.bos_token_id", GgufValue.uint32(1))
        .with("tokenizer.ggml.eos_token_id", GgufValue.uint32(2))
        .with("tokenizer.ggml.unknown_token_id", GgufValue.uint32(0));
  }

  /** The same with a key set. */
  TinyVocabulary with(String key, GgufValue value) {
    metadata.put(key, value);
    return this;
  }

  /** The same with a token list of its own. */
  TinyVocabulary with(List<String> tokens, List<Integer> types) {
    return with(TOKENS, GgufValue.texts(tokens))
        .with(TYPES, GgufValue.int32s(types.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** The same without a key. */
  TinyVocabulary without(String key) {
    metadata.remove(key);
    return this;
  }

  /** What the program makes of it. */
  Tokenizer tokenizer() {
    return Tokenizer.of(metadata());
  }

  /** As it is read from a file of the name tiny.gguf. */
  Metadata metadata() {
    return GgufCheckpoint.of("tiny.gguf", writer().toMemory(Arena.ofAuto())).metadata();
  }

  /** A file for another engine. */
  void write(Path path) {
    writer().write(path);
  }

  private GgufWriter writer() {
    GgufWriter writer = new GgufWriter();
    metadata.forEach(writer::put);
    return writer;
  }

  private static void add(List<String> tokens, List<Integer> types, String token, int type) {
    tokens.add(token);
    types.add(type);
  }

  private static void merge(String left, String right, List<String> tokens, List<String> merges) {
    if (!tokens.contains(left + right)) {
      tokens.add(left + right);
    }
    if (!merges.contains(left + " " + right)) {
      merges.add(left + " " + right);
    }
  }

  private static List<String> bytes(String text) {
    List<String> symbols = new ArrayList<>();
    for (byte value : text.getBytes(UTF_8)) {
      symbols.add(visible(value & 0xff));
    }
    return symbols;
  }

  /** Pairs of characters' texts, in the order in which they are joined. */
  static List<String[]> characterPairs() {
    return train(characters(TEXT), "▁");
  }

  private static List<String> characters(String text) {
    return new ArrayList<>(
        text.replace(' ', '▁')
            .replace('\n', '▁')
            .codePoints()
            .mapToObj(Character::toString)
            .toList());
  }

  /** The pairs in the order in which they are joined, the commonest first, while any is common. */
  private static List<String[]> train(List<String> text, String space) {
    List<String> symbols = new ArrayList<>(text);
    List<String[]> pairs = new ArrayList<>();
    for (String[] pair = commonest(symbols, space); pair.length > 0; ) {
      pairs.add(pair);
      join(symbols, pair);
      pair = commonest(symbols, space);
    }
    return pairs;
  }

  /** The pair that stands there most often, the first of equals; none that stands there once. */
  private static String[] commonest(List<String> symbols, String space) {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i + 1 < symbols.size(); i++) {
      String left = symbols.get(i);
      String right = symbols.get(i + 1);
      boolean isWord = left.replace(space, "").isEmpty() || !right.contains(space);
      if (isWord && (left + right).length() <= LONGEST) {
        counts.merge(List.of(left, right), 1, Integer::sum);
      }
    }
    List<String> best = List.of();
    for (var pair : counts.entrySet()) {
      if (pair.getValue() > counts.getOrDefault(best, 1)) {
        best = pair.getKey();
      }
    }
    return best.toArray(new String[0]);
  }

  private static void join(List<String> symbols, String[] pair) {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      if (i + 1 < symbols.size()
          && symbols.get(i).equals(pair[0])
          && symbols.get(i + 1).equals(pair[1])) {
        joined.add(pair[0] + pair[1]);
        i++;
      } else {
        joined.add(symbols.get(i));
      }
    }
    symbols.clear();
    symbols.addAll(joined);
  }

  /** GPT-2's character for a byte, told in another way than the program tells it. */
  static String visible(int value) {
    List<String> printable = List.of("!~", "¡¬", "®ÿ");
    int hidden = 0;
    for (int other = 0; other < value; other++) {
      hidden += isIn(printable, other) ? 0 : 1;
    }
    return Character.toString(isIn(printable, value) ? value : 256 + hidden);
  }

  private static boolean isIn(List<String> ranges, int value) {
    for (String range : ranges) {
      if (range.charAt(0) <= value && value <= range.charAt(1)) {
        return true;
      }
    }
    return false;
  }
}
