package dev.tonnage.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/**
 * Finds texts in the text of tokens, as they come, wherever the borders of tokens are: a breaker
 * may be part of a token, or begin in one and end in another.
 */
final class SequenceBreakers {

  private final byte[][] breakers;
  private final TokenText text;

  /** Bytes of a breaker that may have come before the token that ends it. */
  private final int mostBefore;

  /** The end of the text so far, as long as it may be the beginning of a breaker. */
  private byte[] before = {};

  SequenceBreakers(List<String> breakers, TokenText text) {
    this.breakers = breakers.stream().map(s -> s.getBytes(UTF_8)).toArray(byte[][]::new);
    this.text = text;
    this.mostBefore = Arrays.stream(this.breakers).mapToInt(b -> b.length - 1).max().orElse(0);
  }

  /** Whether a breaker ends in this token, which comes after those before. */
  boolean endIn(int token) {
    byte[] added = text.bytes(token);
    byte[] joined = Arrays.copyOf(before, before.length + added.length);
    System.arraycopy(added, 0, joined, before.length, added.length);
    boolean found = isFound(joined, before.length);
    before = Arrays.copyOfRange(joined, Math.max(0, joined.length - mostBefore), joined.length);
    return found;
  }

  /** Whether a token contains a breaker. */
  boolean areWithin(int token) {
    return isFound(text.bytes(token), 0);
  }

  /** Whether a breaker ends beyond so many bytes. */
  private boolean isFound(byte[] bytes, int old) {
    for (byte[] breaker : breakers) {
      int least = Math.max(0, old - breaker.length + 1);
      for (int from = least; from + breaker.length <= bytes.length; from++) {
        if (Arrays.equals(bytes, from, from + breaker.length, breaker, 0, breaker.length)) {
          return true;
        }
      }
    }
    return false;
  }
}
