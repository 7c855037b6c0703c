package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.BitSet;
import java.util.TreeMap;

/**
 * Finds special tokens in a text. Which wins where two overlap: in a byte-level vocabulary the one
 * that begins first, of those the longest, as in Hugging Face's library; in a SentencePiece one the
 * longest, of those the first, as in llama.cpp. No published vocabulary is known where it matters.
 */
final class SpecialMatcher {

  /** Which of two overlapping tokens wins. */
  enum Precedence {
    FIRST,
    LONGEST
  }

  /** Takes what a text consists of, from left to right. */
  interface Parts {

    /** UTF-8 without a special token, from one offset to another; never empty. */
    void text(byte[] text, int from, int to);

    /** A special token. */
    void special(int id);
  }

  /** The special tokens of one length: which bytes they begin and end with. */
  private record Length(int bytes, BitSet first, BitSet last) {}

  private static final byte[] REPLACEMENT = "\ufffd".getBytes(UTF_8);

  private final Vocabulary vocabulary;
  private final Precedence precedence;

  /** Longest first. */
  private final Length[] parsed;

  private final Length[] asText;

  SpecialMatcher(Vocabulary vocabulary, Precedence precedence) {
    this.vocabulary = vocabulary;
    this.precedence = precedence;
    parsed = lengths(SpecialTokens.PARSED);
    asText = lengths(SpecialTokens.AS_TEXT);
  }

  private Length[] lengths(SpecialTokens mode) {
    TreeMap<Integer, Length> lengths = new TreeMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (isSpecial(id, mode) && vocabulary.length(id) > 0) {
        byte[] token = vocabulary.bytes(id);
        lengths.putIfAbsent(token.length, new Length(token.length, new BitSet(), new BitSet()));
        Length length = lengths.get(token.length);
        length.first.set(token[0] & 0xff);
        length.last.set(token[token.length - 1] & 0xff);
      }
    }
    return lengths.descendingMap().values().toArray(new Length[0]);
  }

  private boolean isSpecial(int id, SpecialTokens mode) {
    return switch (vocabulary.type(id)) {
      case USER_DEFINED -> true;
      case CONTROL, UNKNOWN -> mode == SpecialTokens.PARSED;
      case UNDEFINED, NORMAL, UNUSED, BYTE -> false;
    };
  }

  /** Takes a text apart. */
  void split(String string, SpecialTokens mode, Parts parts) {
    byte[] text = utf8(string);
    Length[] lengths =
        switch (mode) {
          case PARSED -> parsed;
          case AS_TEXT -> asText;
        };
    switch (precedence) {
      case FIRST -> splitFirst(text, mode, lengths, parts);
      case LONGEST -> splitLongest(text, mode, lengths, parts);
    }
  }

  private void splitFirst(byte[] text, SpecialTokens mode, Length[] lengths, Parts parts) {
    BitSet first = new BitSet();
    for (Length length : lengths) {
      first.or(length.first);
    }
    int from = 0;
    int at = 0;
    while (at < text.length) {
      int id = first.get(text[at] & 0xff) ? longestAt(text, at, mode, lengths) : Vocabulary.NONE;
      if (id == Vocabulary.NONE) {
        at++;
      } else {
        text(text, from, at, parts);
        parts.special(id);
        at += vocabulary.length(id);
        from = at;
      }
    }
    text(text, from, at, parts);
  }

  private int longestAt(byte[] text, int at, SpecialTokens mode, Length[] lengths) {
    for (Length length : lengths) {
      int id = match(text, at, mode, length);
      if (id != Vocabulary.NONE) {
        return id;
      }
    }
    return Vocabulary.NONE;
  }

  private void splitLongest(byte[] text, SpecialTokens mode, Length[] lengths, Parts parts) {
    int[] tokenAt = new int[lengths.length == 0 ? 0 : text.length];
    BitSet taken = new BitSet();
    for (Length length : lengths) {
      int at = 0;
      while (at + length.bytes <= text.length) {
        int end = at + length.bytes;
        // what was taken is no shorter, so it is not between the two
        boolean isFree = !taken.get(at) && !taken.get(end - 1);
        int id = isFree ? match(text, at, mode, length) : Vocabulary.NONE;
        if (id == Vocabulary.NONE) {
          at++;
        } else {
          taken.set(at, end);
          tokenAt[at] = id;
          at = end;
        }
      }
    }
    int from = 0;
    for (int at = taken.nextSetBit(0); at >= 0; at = taken.nextSetBit(from)) {
      text(text, from, at, parts);
      int id = tokenAt[at];
      parts.special(id);
      from = at + vocabulary.length(id);
    }
    text(text, from, text.length, parts);
  }

  /**
   * The special token of this length at this offset; never one that begins or ends in a character.
   */
  private int match(byte[] text, int at, SpecialTokens mode, Length length) {
    int to = at + length.bytes;
    if (to > text.length
        || !length.first.get(text[at] & 0xff)
        || !length.last.get(text[to - 1] & 0xff)
        || continues(text, at)
        || continues(text, to)) {
      return Vocabulary.NONE;
    }
    int id = vocabulary.find(text, at, to);
    return id != Vocabulary.NONE && isSpecial(id, mode) ? id : Vocabulary.NONE;
  }

  private static boolean continues(byte[] text, int at) {
    return at < text.length && (text[at] & 0xc0) == 0x80;
  }

  private static void text(byte[] text, int from, int to, Parts parts) {
    if (from < to) {
      parts.text(text, from, to);
    }
  }

  /** As UTF-8, with U+FFFD for half a surrogate pair ({@code getBytes} would write '?'). */
  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded =
          UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .replaceWith(REPLACEMENT)
              .encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException replaced) {
      throw new AssertionError(replaced);
    }
  }
}
