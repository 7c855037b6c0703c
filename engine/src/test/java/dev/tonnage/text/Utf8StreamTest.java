package dev.tonnage.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8StreamTest {

  @Test
  void neverShowsHalfACharacter() {
    Utf8Stream stream = new Utf8Stream();
    byte[] family = "é👩‍👧".getBytes(UTF_8);
    StringBuilder text = new StringBuilder();
    for (byte value : family) {
      String piece = stream.accept(new byte[] {value});
      assertThat(piece).doesNotContain("\ufffd");
      assertThat(piece.isEmpty() || !Character.isLowSurrogate(piece.charAt(0))).isTrue();
      text.append(piece);
    }
    assertThat(text.append(stream.end())).hasToString("é👩‍👧");
  }

  @Test
  void whatIsLeftAtTheEndIsAReplacementCharacter() {
    Utf8Stream stream = new Utf8Stream();
    assertThat(stream.accept(new byte[] {'a', (byte) 0xf0, (byte) 0x9f, (byte) 0x98}))
        .isEqualTo("a");
    assertThat(stream.end()).isEqualTo("\ufffd");
    assertThat(stream.end()).isEmpty();
    assertThat(stream.accept(new byte[] {'b'})).isEqualTo("b");
  }

  @Test
  void anyBytesHoweverCutAreTheTextThatTheJdkMakesOfThemInOnePiece() {
    byte[] likely = {
      'a',
      (byte) 0xc3,
      (byte) 0xa9,
      (byte) 0xe2,
      (byte) 0x82,
      (byte) 0xac,
      (byte) 0xf0,
      (byte) 0x9f,
      (byte) 0x98,
      (byte) 0x80,
      (byte) 0xed,
      (byte) 0xa0,
      (byte) 0xff,
      (byte) 0xf4
    };
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(24)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = likely[random.nextInt(likely.length)];
      }
      Utf8Stream stream = new Utf8Stream();
      StringBuilder text = new StringBuilder();
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + random.nextInt(4));
        text.append(stream.accept(Arrays.copyOfRange(bytes, from, to)));
        from = to;
      }
      assertThat(text.append(stream.end()))
          .as("seed %d", seed)
          .hasToString(new String(bytes, UTF_8));
    }
  }
}
