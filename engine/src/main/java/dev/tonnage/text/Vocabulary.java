package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Metadata;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The tokens of a model: id to bytes and type, bytes to id. Tokens are kept as the file has them:
 * escaped (U+2581 for a space) in a SentencePiece vocabulary, in GPT-2's byte alphabet in a
 * byte-level one.
 *
 * <p>Published files hold empty tokens and tokens that are not UTF-8; both are kept and no text
 * spells them. A token that stands there twice is an error, as in llama.cpp.
 */
public final class Vocabulary {

  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";

  /** What {@link #find} and {@link #spell} answer where there is no such token. */
  static final int NONE = -1;

  /** 64 random-looking bits: unlike 31, no short strings are known that collide. */
  private static final long BASE = 0x9e3779b97f4a7c15L;

  private static final long UPPER_HALF = 0xffff_ffff_0000_0000L;

  private final String where;

  /**
   * The tokens one behind the other: so many objects would cost more than what is done with them.
   */
  private final byte[] tokens;

  /** Where each token begins in {@link #tokens}, and one more. */
  private final int[] starts;

  private final TokenType[] types;

  /**
   * Open addressing over the tokens' bytes. The upper half of a slot is that of the hash, so that
   * most unequal tokens are never looked at, the lower half is id + 1; 0 is free.
   */
  private final long[] slots;

  /** {@link #BASE} to the power of 0 … {@link #longestBytes}. */
  private final long[] powers;

  private int longestBytes;

  private Vocabulary(String where, byte[][] texts, TokenType[] types) {
    this.where = where;
    this.types = types;
    starts = new int[texts.length + 1];
    for (int id = 0; id < texts.length; id++) {
      starts[id + 1] = Math.addExact(starts[id], texts[id].length);
      longestBytes = Math.max(longestBytes, texts[id].length);
    }
    tokens = new byte[starts[texts.length]];
    for (int id = 0; id < texts.length; id++) {
      System.arraycopy(texts[id], 0, tokens, starts[id], texts[id].length);
    }
    slots = new long[4 * Integer.highestOneBit(texts.length)];
    powers = new long[longestBytes + 1];
    powers[0] = 1;
    for (int i = 1; i <= longestBytes; i++) {
      powers[i] = powers[i - 1] * BASE;
    }
    for (int id = 0; id < texts.length; id++) {
      enter(id);
    }
  }

  /**
   * Reads {@code tokenizer.ggml.tokens} and {@code tokenizer.ggml.token_type}.
   *
   * @throws BadFile for a missing array, arrays of different lengths, a type that GGUF does not
   *     define, a token that stands there twice
   */
  static Vocabulary of(Metadata metadata) {
    byte[][] texts = metadata.array(TOKENS).utf8();
    if (texts.length == 0) {
      throw new BadFile(
          metadata.where() + ": " + TOKENS, "tokens", "none", "convert the model again");
    }
    return new Vocabulary(metadata.where(), texts, types(metadata, texts.length));
  }

  private static TokenType[] types(Metadata metadata, int count) {
    int[] numbers = metadata.array(TYPES).ints();
    requireLength(metadata, TYPES, numbers.length, count);
    TokenType[] types = new TokenType[count];
    for (int id = 0; id < count; id++) {
      if (numbers[id] < 0 || numbers[id] >= TokenType.count()) {
        throw new BadFile(
            metadata.where() + ": " + TYPES + "[" + id + "]",
            "a type from 0 to " + (TokenType.count() - 1),
            String.valueOf(numbers[id]),
            "convert the model again");
      }
      types[id] = TokenType.of(numbers[id]);
    }
    return types;
  }

  /** Every array that runs along the tokens has as many elements as there are tokens. */
  static void requireLength(Metadata metadata, String key, int found, int tokens) {
    if (found != tokens) {
      throw new BadFile(
          metadata.where() + ": " + key,
          tokens + " elements, one a token",
          String.valueOf(found),
          "convert the model again");
    }
  }

  /** Number of tokens; ids run from 0. */
  public int size() {
    return types.length;
  }

  /** What a token is for. */
  public TokenType type(int id) {
    return types[checked(id)];
  }

  /** A token as the file has it, escapes and all, for people to read. */
  public String text(int id) {
    return new String(tokens, starts[checked(id)], length(id), UTF_8);
  }

  /** The id of the token that is written so in the file, whatever its type. */
  public OptionalInt id(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int id = find(bytes, 0, bytes.length);
    return id == NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** A token's bytes as the file has them. */
  byte[] bytes(int id) {
    return Arrays.copyOfRange(tokens, starts[checked(id)], starts[id + 1]);
  }

  /** How many bytes a token has in the file. */
  int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** Length of the longest token. */
  int longestBytes() {
    return longestBytes;
  }

  /** The token of these bytes, whatever its type, or {@link #NONE}. */
  int find(byte[] bytes, int from, int to) {
    return to - from > longestBytes ? NONE : find(hash(bytes, from, to), bytes, from, to, to, to);
  }

  /**
   * The token of two stretches of bytes together, or {@link #NONE}.
   *
   * @param hash of both: see {@link #hashOfBoth}
   */
  int find(long hash, byte[] bytes, int from, int cut, int resumed, int to) {
    if (cut == from && to == resumed) {
      return NONE;
    }
    long mixed = mix(hash);
    for (int slot = slot(mixed); slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
      int id = (int) slots[slot] - 1;
      if (isAlike(slots[slot], mixed) && isBoth(id, bytes, from, cut, resumed, to)) {
        return id;
      }
    }
    return NONE;
  }

  /** Whether a token is two stretches of bytes together. */
  private boolean isBoth(int id, byte[] bytes, int from, int cut, int resumed, int to) {
    int middle = starts[id] + cut - from;
    return starts[id + 1] == middle + to - resumed
        && Arrays.equals(tokens, starts[id], middle, bytes, from, cut)
        && Arrays.equals(tokens, middle, starts[id + 1], bytes, resumed, to);
  }

  /** The hash of bytes of which the first and the others have these hashes. */
  long hashOfBoth(long first, long others, int othersLength) {
    return othersLength > longestBytes ? 0 : first * powers[othersLength] + others;
  }

  /** The token of these bytes if text may spell it, or {@link #NONE}. */
  int spell(byte[] bytes, int from, int to) {
    int id = find(bytes, from, to);
    return id != NONE && isSpelled(id) ? id : NONE;
  }

  /**
   * Whether joining pieces of text may lead to this token: control tokens, the unknown token and
   * byte tokens are reached by other ways alone, as in SentencePiece.
   */
  boolean isSpelled(int id) {
    return switch (type(id)) {
      case CONTROL, UNKNOWN, BYTE -> false;
      case UNDEFINED, NORMAL, USER_DEFINED, UNUSED -> true;
    };
  }

  /** Makes a token a control token, whatever the file says. Only while a tokenizer is made. */
  void markControl(int id) {
    types[id] = TokenType.CONTROL;
  }

  /** The byte that a token of the type BYTE stands for. */
  int byteOf(int id) {
    byte[] name = bytes(id);
    int value = NONE;
    if (name.length == 6 && name[0] == '<' && name[1] == '0' && name[2] == 'x' && name[5] == '>') {
      int high = Character.digit(name[3], 16);
      int low = Character.digit(name[4], 16);
      value = high < 0 || low < 0 ? NONE : (high << 4) | low;
    }
    if (value == NONE) {
      throw new BadFile(
          where + ": " + TOKENS + "[" + id + "]",
          "a name from <0x00> to <0xFF>, for its type is BYTE",
          name.length + " other bytes",
          "convert the model again");
    }
    return value;
  }

  /**
   * An id that a caller gave.
   *
   * @throws BadRequest if there is no such token
   */
  private int checked(int id) {
    if (id < 0 || id >= types.length) {
      throw new BadRequest(
          "token id",
          "a number from 0 to " + (types.length - 1),
          String.valueOf(id),
          "ids of another model do not fit this one");
    }
    return id;
  }

  private void enter(int id) {
    if (length(id) == 0) {
      return;
    }
    int from = starts[id];
    int to = starts[id + 1];
    long mixed = mix(hash(tokens, from, to));
    int slot = slot(mixed);
    for (; slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
      int other = (int) slots[slot] - 1;
      if (isAlike(slots[slot], mixed) && isBoth(other, tokens, from, to, to, to)) {
        throw new BadFile(
            where + ": " + TOKENS + "[" + id + "]",
            "every token once",
            "the token of " + other + " again",
            "convert the model again");
      }
    }
    slots[slot] = (mixed & UPPER_HALF) | (id + 1);
  }

  /**
   * A polynomial over the bytes, so that the hash of two together follows from theirs: each byte of
   * a merge is looked at once.
   */
  static long hash(byte[] bytes, int from, int to) {
    long hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * BASE + (bytes[i] & 0xff) + 1;
    }
    return hash;
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * BASE;
    return mixed ^ (mixed >>> 32);
  }

  private static boolean isAlike(long slot, long mixed) {
    return ((slot ^ mixed) & UPPER_HALF) == 0;
  }

  private int slot(long mixed) {
    return (int) mixed & (slots.length - 1);
  }
}
