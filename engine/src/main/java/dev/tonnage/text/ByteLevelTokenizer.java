package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tonnage.file.ByteAlphabet;
import dev.tonnage.file.Metadata;
import java.util.Optional;

/**
 * Byte pair encoding over bytes (Radford et al. 2019), {@code tokenizer.ggml.model} "gpt2": a text
 * is cut into words, a word is a sequence of bytes, and neighbours are merged by the rank of their
 * merge; in tiktoken's form of it there is no list of merges, and any neighbours that are a token
 * together are merged, that of the smallest id first.
 *
 * <p>Where llama.cpp and the models' own library (Hugging Face's tokenizers) differ, the latter
 * holds. Both drop a byte for which the vocabulary has no token, the latter before neighbours are
 * merged, so that what stood around it may become one token; so does this.
 */
final class ByteLevelTokenizer implements Tokenizer {

  /** Whether ids are ranks, as folders with {@code tiktoken.model} say it. */
  private static final String RANKS = "tokenizer.tiktoken.ranks";

  private final Vocabulary vocabulary;

  /** Empty where ids are ranks. */
  private final Optional<MergeTable> merges;

  private final PreTokenizer preTokenizer;
  private final SpecialIds specialIds;
  private final PromptFrame frame;
  private final SpecialMatcher specials;

  /** The token of each byte, or {@link Vocabulary#NONE}. */
  private final int[] byteTokens = new int[256];

  private ByteLevelTokenizer(
      Vocabulary vocabulary,
      Optional<MergeTable> merges,
      PreTokenizer preTokenizer,
      SpecialIds specialIds,
      PromptFrame frame) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
    this.specialIds = specialIds;
    this.frame = frame;
    specials = new SpecialMatcher(vocabulary, SpecialMatcher.Precedence.FIRST);
    byte[] written = new byte[2];
    for (int value = 0; value < 256; value++) {
      int bytes = ByteAlphabet.write(new byte[] {(byte) value}, 0, 1, written, 0);
      byteTokens[value] = vocabulary.spell(written, 0, bytes);
    }
  }

  static ByteLevelTokenizer of(Metadata metadata) {
    PreTokenizer preTokenizer = PreTokenizer.of(metadata);
    Vocabulary vocabulary = Vocabulary.of(metadata);
    Optional<MergeTable> merges =
        metadata.flag(RANKS, false)
            ? Optional.empty()
            : Optional.of(MergeTable.of(metadata, vocabulary));
    SpecialIds ids =
        merges
            .map(table -> new SpecialRoles(metadata, vocabulary, table))
            .orElseGet(() -> SpecialRoles.ofAnyTwo(metadata, vocabulary))
            .byteLevel();
    PromptFrame frame = PromptFrame.of(metadata, ids, preTokenizer.begin());
    return new ByteLevelTokenizer(vocabulary, merges, preTokenizer, ids, frame);
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
    return false;
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
      case NORMAL -> ByteAlphabet.read(token);
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

  /** One text on its way. */
  private final class Encoding
      implements SpecialMatcher.Parts, PreTokenizer.Words, BestFirstMerge.Joins {

    private final TokenList ids;
    private final BestFirstMerge symbols = new BestFirstMerge();
    private String text = "";
    private byte[] bytes = {};

    /** Where the next word begins in {@link #bytes}. */
    private int at;

    /** The word in the alphabet. */
    private byte[] written = new byte[64];

    Encoding(int characters) {
      ids = new TokenList(characters / 3);
    }

    @Override
    public void special(int id) {
      ids.add(id);
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
      text = preTokenizer.normalize(new String(utf8, from, to - from, UTF_8));
      bytes = text.getBytes(UTF_8);
      at = 0;
      preTokenizer.cut(text, this);
    }

    @Override
    public void word(int from, int to) {
      int begin = at;
      for (int i = from; i < to; i++) {
        char character = text.charAt(i);
        // a surrogate is half of a character of four bytes
        at += character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
      }
      if (written.length < 2 * (at - begin)) {
        written = new byte[2 * (at - begin)];
      }
      if (!isWhole(begin, at)) {
        merge(begin, at);
      }
    }

    /** Takes a word that is a token as it is, where the vocabulary wants that. */
    private boolean isWhole(int from, int to) {
      if (preTokenizer.wholeWords() == PreTokenizer.WholeWords.MERGED
          || to - from > vocabulary.longestBytes()) {
        return false;
      }
      int token = vocabulary.spell(written, 0, ByteAlphabet.write(bytes, from, to, written, 0));
      if (token == Vocabulary.NONE) {
        return false;
      }
      ids.add(token);
      return true;
    }

    private void merge(int from, int to) {
      symbols.clear(2 * (to - from));
      int end = 0;
      for (int i = from; i < to; i++) {
        int token = byteTokens[bytes[i] & 0xff];
        if (token != Vocabulary.NONE) {
          int behind = ByteAlphabet.write(bytes, i, i + 1, written, end);
          symbols.append(token, behind - end);
          end = behind;
        }
      }
      symbols.run(merges.<BestFirstMerge.Joins>map(table -> table).orElse(this));
      for (int symbol = 0; symbol < symbols.end(); symbol = symbols.next(symbol)) {
        ids.add(symbols.token(symbol));
      }
    }

    @Override
    public int join(BestFirstMerge word, int left, int right) {
      return vocabulary.spell(written, left, word.next(right));
    }

    @Override
    public int priority(int token) {
      return token;
    }

    @Override
    public int result(int token) {
      return token;
    }
  }
}
