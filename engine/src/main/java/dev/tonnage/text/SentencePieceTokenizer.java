package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Metadata;
import java.util.Arrays;
import java.util.Optional;

/**
 * SentencePiece's byte pair encoding (Kudo and Richardson 2018), {@code tokenizer.ggml.model}
 * "llama": spaces are written as U+2581, a text's symbols are its characters, and neighbours are
 * joined whose text together is a token, the highest score first. What is no token in the end is
 * spelled in byte tokens.
 *
 * <p>llama.cpp is the reference. As there, a space is put before a text and before each part of it
 * that follows a special token. In two points SentencePiece holds instead: no text joins to a
 * control, unknown or byte token; and a run of bytes without a byte token is the unknown token once
 * (llama.cpp fails).
 *
 * <p>A {@code tokenizer.json} of such a vocabulary has a list of merges in place of scores, and
 * says which parts get a space ({@link SpacePrefix}); its own library is the reference for it.
 */
final class SentencePieceTokenizer implements Tokenizer {

  private static final String SCORES = "tokenizer.ggml.scores";

  /** U+2581, what a space is written as. */
  private static final byte[] SPACE = "▁".getBytes(UTF_8);

  private final Vocabulary vocabulary;
  private final SpecialIds specialIds;
  private final PromptFrame frame;
  private final SpecialMatcher specials;
  private final SpacePrefix spacePrefix;

  /** For each token a number that falls as its score grows; empty where there are merges. */
  private final int[] priorities;

  private final Optional<MergeTable> merges;

  /** The token of each byte: its byte token or else the unknown token. */
  private final int[] byteTokens = new int[256];

  /** What unknown bytes become, or {@link Vocabulary#NONE} where they are dropped. */
  private final int unknown;

  private SentencePieceTokenizer(
      Metadata metadata,
      Vocabulary vocabulary,
      int[] priorities,
      Optional<MergeTable> merges,
      SpecialIds specialIds) {
    this.vocabulary = vocabulary;
    this.priorities = priorities;
    this.merges = merges;
    this.specialIds = specialIds;
    frame = PromptFrame.of(metadata, specialIds, PromptFrame.Begin.ADDED);
    spacePrefix = SpacePrefix.of(metadata);
    specials =
        new SpecialMatcher(
            vocabulary,
            merges.isPresent()
                ? SpecialMatcher.Precedence.FIRST
                : SpecialMatcher.Precedence.LONGEST);
    int id = specialIds.unknown().orElse(Vocabulary.NONE);
    unknown =
        id != Vocabulary.NONE && vocabulary.type(id) == TokenType.CONTROL ? Vocabulary.NONE : id;
    for (int value = 0; value < 256; value++) {
      byteTokens[value] = byteToken(value);
    }
  }

  static SentencePieceTokenizer of(Metadata metadata) {
    Vocabulary vocabulary = Vocabulary.of(metadata);
    if (metadata.has(SpacePrefix.KEY)) {
      MergeTable merges = MergeTable.of(metadata, vocabulary);
      SpecialIds ids = new SpecialRoles(metadata, vocabulary, merges).sentencePiece();
      return new SentencePieceTokenizer(metadata, vocabulary, new int[0], Optional.of(merges), ids);
    }
    int[] priorities = priorities(metadata, vocabulary.size());
    SpecialIds ids = SpecialRoles.ofAnyTwo(metadata, vocabulary).sentencePiece();
    return new SentencePieceTokenizer(metadata, vocabulary, priorities, Optional.empty(), ids);
  }

  /** Scores as integers of the reverse order, so that they compare as ranks do. */
  private static int[] priorities(Metadata metadata, int tokens) {
    float[] scores = metadata.array(SCORES).floats();
    Vocabulary.requireLength(metadata, SCORES, scores.length, tokens);
    int[] priorities = new int[tokens];
    for (int id = 0; id < tokens; id++) {
      if (Float.isNaN(scores[id])) {
        throw new BadFile(
            metadata.where() + ": " + SCORES + "[" + id + "]",
            "a number",
            "NaN",
            "convert the model again");
      }
      int bits = Float.floatToRawIntBits(scores[id] + 0f); // -0 becomes 0
      priorities[id] = ~(bits < 0 ? bits ^ Integer.MAX_VALUE : bits);
    }
    return priorities;
  }

  private int byteToken(int value) {
    byte[] name = {'<', '0', 'x', hexDigit(value >> 4), hexDigit(value & 15), '>'};
    int id = vocabulary.find(name, 0, name.length);
    if (id != Vocabulary.NONE) {
      switch (vocabulary.type(id)) {
        case BYTE, NORMAL, USER_DEFINED, UNDEFINED, UNUSED -> {
          return id;
        }
        case CONTROL, UNKNOWN -> {}
      }
    }
    int itself = vocabulary.spell(new byte[] {(byte) value}, 0, 1);
    return itself != Vocabulary.NONE ? itself : unknown;
  }

  private static byte hexDigit(int value) {
    return (byte) (value < 10 ? '0' + value : 'A' + value - 10);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public SpecialIds specialIds() {
    return specialIds;
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix != SpacePrefix.NEVER;
  }

  @Override
  public int[] encode(String text, SpecialTokens specialTokens) {
    Encoding encoding = new Encoding(text.length());
    specials.split(text, specialTokens, encoding);
    return encoding.ids.toArray();
  }

  @Override
  public int[] encodePrompt(String text, SpecialTokens specialTokens) {
    return frame.around(encode(text, specialTokens));
  }

  @Override
  public byte[] bytes(int id, ControlTokens controlTokens) {
    byte[] token = vocabulary.bytes(id);
    return switch (vocabulary.type(id)) {
      case NORMAL -> unescape(token);
      case USER_DEFINED -> token;
      case CONTROL, UNKNOWN ->
          switch (controlTokens) {
            case SHOWN -> token;
            case HIDDEN -> new byte[0];
          };
      case BYTE -> new byte[] {(byte) vocabulary.byteOf(id)};
      case UNDEFINED, UNUSED -> new byte[0];
    };
  }

  private static byte[] unescape(byte[] token) {
    byte[] text = new byte[token.length];
    int end = 0;
    for (int at = 0; at < token.length; end++) {
      int behind = at + SPACE.length;
      boolean isSpace =
          behind <= token.length && Arrays.equals(token, at, behind, SPACE, 0, SPACE.length);
      text[end] = isSpace ? (byte) ' ' : token[at];
      at = isSpace ? behind : at + 1;
    }
    return Arrays.copyOf(text, end);
  }

  /** One text on its way. */
  private final class Encoding implements SpecialMatcher.Parts, BestFirstMerge.Joins {

    private final TokenList ids;
    private final BestFirstMerge symbols = new BestFirstMerge();

    /** The part of the text that is being joined, with its spaces escaped. */
    private byte[] escaped = {};

    private boolean isStart = true;

    Encoding(int characters) {
      ids = new TokenList(characters / 3);
    }

    @Override
    public void special(int id) {
      ids.add(id);
      isStart = false;
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
      escape(utf8, from, to, spacePrefix.isPut(isStart, utf8[from] == ' '));
      isStart = false;
      symbols.clear(escaped.length);
      for (int at = 0; at < escaped.length; ) {
        int bytes = characterBytes(escaped[at]);
        symbols.append(vocabulary.spell(escaped, at, at + bytes), bytes);
        at += bytes;
      }
      symbols.run(merges.<BestFirstMerge.Joins>map(table -> table).orElse(this));
      spell();
    }

    private void escape(byte[] utf8, int from, int to, boolean isPrefixed) {
      int prefixes = isPrefixed ? 1 : 0;
      int spaces = 0;
      for (int i = from; i < to; i++) {
        spaces += utf8[i] == ' ' ? 1 : 0;
      }
      escaped = new byte[to - from - spaces + SPACE.length * (spaces + prefixes)];
      int end = isPrefixed ? space(0) : 0;
      for (int i = from; i < to; i++) {
        if (utf8[i] == ' ') {
          end = space(end);
        } else {
          escaped[end++] = utf8[i];
        }
      }
    }

    private int space(int at) {
      System.arraycopy(SPACE, 0, escaped, at, SPACE.length);
      return at + SPACE.length;
    }

    private void spell() {
      boolean isUnknown = false;
      for (int symbol = 0; symbol < symbols.end(); symbol = symbols.next(symbol)) {
        if (symbols.token(symbol) != BestFirstMerge.NONE) {
          ids.add(symbols.token(symbol));
          isUnknown = false;
          continue;
        }
        for (int i = symbol; i < symbols.next(symbol); i++) {
          int token = byteTokens[escaped[i] & 0xff];
          if (token != unknown) {
            ids.add(token);
          } else if (unknown != Vocabulary.NONE && !isUnknown) {
            ids.add(unknown);
          }
          isUnknown = token == unknown;
        }
      }
    }

    @Override
    public int join(BestFirstMerge text, int left, int right) {
      return vocabulary.spell(escaped, left, text.next(right));
    }

    @Override
    public int priority(int token) {
      return priorities[token];
    }

    @Override
    public int result(int token) {
      return token;
    }
  }

  /** Bytes of a character, by its first. */
  private static int characterBytes(byte first) {
    return first >= 0 ? 1 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
  }
}
