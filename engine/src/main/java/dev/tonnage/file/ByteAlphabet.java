package dev.tonnage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * GPT-2's way to write any byte as a visible character, so that a vocabulary is a list of words:
 * the printable bytes of Latin-1 are themselves, the other 68 are U+0100 and up, in order (Radford
 * et al. 2019, {@code bytes_to_unicode} in the published code). A space is U+0120.
 */
public final class ByteAlphabet {

  private static final char[] CHARACTER_OF = new char[256];
  private static final short[] BYTE_OF = new short[256 + 68];

  static {
    Arrays.fill(BYTE_OF, (short) -1);
    char next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~')
              || (value >= 0xa1 && value <= 0xac)
              || (value >= 0xae && value <= 0xff);
      CHARACTER_OF[value] = printable ? (char) value : next++;
      BYTE_OF[CHARACTER_OF[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  /**
   * Bytes of a text in the alphabet, as UTF-8.
   *
   * @param target has room for two bytes for each byte from {@code from} to {@code to}
   * @param at where in it the first is written
   * @return where the next would be
   */
  public static int write(byte[] text, int from, int to, byte[] target, int at) {
    int end = at;
    for (int i = from; i < to; i++) {
      char character = CHARACTER_OF[text[i] & 0xff];
      if (character < 0x80) {
        target[end++] = (byte) character;
      } else {
        target[end++] = (byte) (0xc0 | (character >> 6));
        target[end++] = (byte) (0x80 | (character & 0x3f));
      }
    }
    return end;
  }

  /**
   * The bytes that a token in the alphabet stands for. A token that has any other character stands
   * for itself, as in Hugging Face's decoder: published files hold a few.
   */
  public static byte[] read(byte[] token) {
    byte[] bytes = new byte[token.length];
    int end = 0;
    try {
      CharBuffer characters = UTF_8.newDecoder().decode(ByteBuffer.wrap(token));
      while (characters.hasRemaining()) {
        char character = characters.get();
        short value = character < BYTE_OF.length ? BYTE_OF[character] : -1;
        if (value < 0) {
          return token;
        }
        bytes[end++] = (byte) value;
      }
    } catch (CharacterCodingException notUtf8) {
      return token;
    }
    return Arrays.copyOf(bytes, end);
  }
}
