package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Bytes in, whole characters out: what ends in half a character waits for the rest of it. What is
 * not UTF-8 becomes U+FFFD as in {@code new String(bytes, UTF_8)}, so the pieces together are the
 * same text however the bytes were cut. For one thread at a time.
 */
public final class Utf8Stream {

  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The begun character, fewer than four bytes. */
  private byte[] begun = {};

  /** A stream at its start. */
  public Utf8Stream() {}

  /** The text that is complete with these bytes; empty while a character is being completed. */
  public String accept(byte[] bytes) {
    return decode(bytes, Rest.WAITS);
  }

  /** What is left: U+FFFD for a character that was never completed. The stream can start again. */
  public String end() {
    String last = decode(new byte[0], Rest.IS_MALFORMED);
    decoder.reset();
    return last;
  }

  private enum Rest {
    WAITS,
    IS_MALFORMED
  }

  private String decode(byte[] bytes, Rest rest) {
    ByteBuffer in = ByteBuffer.allocate(begun.length + bytes.length).put(begun).put(bytes).flip();
    // never more characters than bytes
    CharBuffer out = CharBuffer.allocate(in.remaining());
    decoder.decode(in, out, rest == Rest.IS_MALFORMED);
    begun = new byte[in.remaining()];
    in.get(begun);
    return out.flip().toString();
  }
}
