package dev.tonnage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlainBlocksTest {

  private static final short ONE = 0x3C00; // in F16
  private static final short HALF = 0x3800;

  @Test
  void halvesAndShortFloatsAreWhatTheirBitsSay() {
    ByteBuffer halves =
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 0xC100)
            .putShort((short) 1); // -2.5, 2^-24
    assertThat(PlainBlocks.decode(DType.F16, halves.array())).containsExactly(-2.5f, 0x1p-24f);
    ByteBuffer upper =
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 0x3FC0)
            .putShort((short) 0xC2F7);
    assertThat(PlainBlocks.decode(DType.BF16, upper.array())).containsExactly(1.5f, -123.5f);
  }

  @Test
  void eightBitsAreSignedAndScaled() {
    ByteBuffer block = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN).putShort(HALF);
    for (int i = 0; i < 32; i++) {
      block.put((byte) (i == 31 ? -128 : i));
    }
    float[] values = PlainBlocks.decode(DType.Q8_0, block.array());
    assertThat(values).hasSize(32).startsWith(0, 0.5f, 1);
    assertThat(values[31]).isEqualTo(-64);
  }

  @Test
  void fourBitsHaveSixBitScalesAndMinsInThreeSpreadOutGroups() {
    ByteBuffer block =
        ByteBuffer.allocate(144).order(ByteOrder.LITTLE_ENDIAN).putShort(ONE).putShort(HALF);
    // scales 1 2 3 63 | 17 34 51 62, mins 4 5 6 60 | 18 33 50 61: of the last four of each, the
    // high bit pairs stand above the first four's, the low nibbles together in the last bytes
    block.put(octets(1 | 1 << 6, 2 | 2 << 6, 3 | 3 << 6, 63 | 3 << 6));
    block.put(octets(4 | 1 << 6, 5 | 2 << 6, 6 | 3 << 6, 60 | 3 << 6));
    block.put(octets(1 | 2 << 4, 2 | 1 << 4, 3 | 2 << 4, 14 | 13 << 4));
    for (int i = 0; i < 128; i++) {
      block.put((byte) 0xF0); // even sub-blocks 0, odd ones 15
    }
    float[] subs = {-2, 2 * 15 - 2.5f, -3, 63 * 15 - 30, -9, 34 * 15 - 16.5f, -25, 62 * 15 - 30.5f};
    float[] expected = new float[256];
    for (int i = 0; i < 256; i++) {
      expected[i] = subs[i / 32];
    }
    assertThat(PlainBlocks.decode(DType.Q4_K, block.array())).isEqualTo(expected);
  }

  @Test
  void sixBitsAreFourLowAndTwoHighOnesThatStandApart() {
    ByteBuffer block = ByteBuffer.allocate(210).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 128; i++) {
      block.put((byte) (i % 64 < 32 ? 0x21 : 0x43)); // low nibbles of the quarters: 1 3 2 4
    }
    for (int i = 0; i < 64; i++) {
      block.put((byte) 0b11_10_01_00); // high pairs of the quarters: 0 1 2 3
    }
    for (int i = 0; i < 16; i++) {
      block.put((byte) (i % 2 == 0 ? i + 1 : -i - 1));
    }
    block.putShort(HALF);
    float[] expected = new float[256];
    int[] quants = {1 - 32, 3 + 16 - 32, 2 + 32 - 32, 4 + 48 - 32};
    for (int i = 0; i < 256; i++) {
      int scale = i / 16 % 2 == 0 ? i / 16 + 1 : -(i / 16) - 1;
      expected[i] = 0.5f * scale * quants[i % 128 / 32];
    }
    assertThat(PlainBlocks.decode(DType.Q6_K, block.array())).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "Q8_0", "Q4_K", "Q6_K"})
  void blocksMeanWhatTheFormatsReferenceSays(DType type) throws IOException {
    Path blocks = Path.of(System.getProperty("tonnage.root"), "../shared/reference-outputs/blocks");
    assumeThat(blocks).as("reference outputs").isDirectory();
    float[] values = PlainBlocks.decode(type, Files.readAllBytes(blocks.resolve(type + ".bin")));
    byte[] expected = Files.readAllBytes(blocks.resolve(type + ".f32"));
    assertThat(PlainBlocks.decode(DType.F32, expected)).isEqualTo(values);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_K", "Q6_K"})
  void randomBlocksSpreadAsTheyShould(DType type) {
    var weight = TinyWeight.random(7, "w", type, Shape.of(64, 256), 0, 0.25);
    double squares = 0;
    for (float value : weight.values()) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares / (64 * 256))).isBetween(0.23, 0.27);
  }

  @Test
  void eightBitsAreWithinHalfAStepOfWhatTheyStandFor() {
    var exact = TinyWeight.random(7, "w", DType.F32, Shape.of(64, 32), 0, 1).values();
    var found = TinyWeight.random(7, "w", DType.Q8_0, Shape.of(64, 32), 0, 1).values();
    float worst = 0;
    for (int i = 0; i < exact.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - exact[i]));
    }
    // blocks reach to about 4, in steps of 4/127; the scale's own rounding adds a little
    assertThat(worst).isBetween(0.01f, 0.02f);
  }

  private static byte[] octets(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }
}
