package dev.tonnage.model;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * An invented SentencePiece vocabulary: {@code <unk>}, {@code <s>}, {@code </s>}, the 256 bytes,
 * then a space, letters, and pairs of letters until it is full.
 */
final class TinyVocabulary {

  /** Begin of sequence. */
  static final int BOS = 1;

  /** End of sequence. */
  static final int EOS = 2;

  /** Ids below are control tokens. */
  static final int FIRST_BYTE = 3;

  private static final int FIRST_PIECE = FIRST_BYTE + 256;
  private static final String SPACE = "\u2581";
  private static final String LETTERS = "etaoinshrdlucmfwypvbgkjqxz";

  // the numbers of tokenizer.ggml.token_type
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;

  private TinyVocabulary() {}

  /** Adds the tokenizer's metadata to a file. */
  static void put(int size, GgufWriter file) {
    List<String> tokens = tokens(size);
    float[] scores = new float[size];
    int[] types = new int[size];
    for (int id = 0; id < size; id++) {
      scores[id] = id < FIRST_PIECE ? 0 : FIRST_PIECE - 1 - id;
      types[id] = id == 0 ? UNKNOWN : id < FIRST_BYTE ? CONTROL : id < FIRST_PIECE ? BYTE : NORMAL;
    }
    file.put("tokenizer.ggml.model", GgufValue.text("llama"))
        .put("tokenizer.ggml.tokens", GgufValue.texts(tokens))
        .put("tokenizer.ggml.scores", GgufValue.float32s(scores))
        .put("tokenizer.ggml.token_type", GgufValue.int32s(types))
        .put("tokenizer.ggml.bos_token_id", GgufValue.uint32(BOS))
        .put("tokenizer.ggml.eos_token_id", GgufValue.uint32(EOS))
        .put("tokenizer.ggml.unknown_token_id", GgufValue.uint32(0));
  }

  private static List<String> tokens(int size) {
    if (size < FIRST_PIECE) {
      throw new IllegalArgumentException("at least " + FIRST_PIECE + " tokens, not " + size);
    }
    var tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int octet = 0; octet < 256; octet++) {
      tokens.add("<0x%02X>".formatted(octet));
    }
    tokens.add(SPACE);
    LETTERS.chars().mapToObj(Character::toString).forEach(tokens::add);
    for (int pair = 0; tokens.size() < size; pair++) {
      int letter = pair % LETTERS.length();
      int next = (letter + 1 + pair / LETTERS.length()) % LETTERS.length();
      tokens.add("" + LETTERS.charAt(letter) + LETTERS.charAt(next));
    }
    return tokens.subList(0, size);
  }
}
