package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a key/value cache may hold is rounded to nearest and read back. */
@Tag("width")
class CacheFormatTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private MemorySegment encode(Kernels level, DType type, float[] values) {
    MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    MemorySegment blocks = arena.allocate(type.bytes(values.length));
    level.cacheFormat(type).orElseThrow().encode(x.address(), values.length, blocks.address());
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void everyHalfSurvivesBeingDecodedAndEncoded(Kernels level) {
    float[] all = new float[1 << 16];
    for (int bits = 0; bits < all.length; bits++) {
      all[bits] = Float.float16ToFloat((short) bits);
    }
    MemorySegment encoded = encode(level, DType.F16, all);
    for (int bits = 0; bits < all.length; bits++) {
      short found = encoded.getAtIndex(ValueLayout.JAVA_SHORT, bits);
      if (Float.isNaN(all[bits])) {
        assertThat(Float.float16ToFloat(found)).as("%04x", bits).isNaN();
      } else {
        assertThat(found).as("%04x", bits).isEqualTo((short) bits);
      }
    }
  }

  /** Between two halves the nearest is taken, in the middle the even one; beyond all, infinity. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void numbersBetweenHalvesAreRoundedToTheNearest(Kernels level) {
    int halves = 0x7c00; // positive and finite
    float[] values = new float[3 * halves];
    short[] expected = new short[values.length];
    for (int bits = 0; bits < halves; bits++) {
      float lower = Float.float16ToFloat((short) bits);
      double upper = bits + 1 < halves ? Float.float16ToFloat((short) (bits + 1)) : 65536;
      float middle = (float) ((lower + upper) / 2);
      values[3 * bits] = Math.nextDown(middle);
      expected[3 * bits] = (short) bits;
      values[3 * bits + 1] = middle;
      expected[3 * bits + 1] = (short) (bits + (bits & 1));
      values[3 * bits + 2] = Math.nextUp(middle);
      expected[3 * bits + 2] = (short) (bits + 1);
    }
    short[] found = encode(level, DType.F16, values).toArray(ValueLayout.JAVA_SHORT);
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void singlePrecisionIsKeptAsItIs(Kernels level) {
    var random = new SplittableRandom(Samples.SEED);
    float[] values = new float[1000];
    for (int k = 0; k < values.length; k++) {
      values[k] = Float.intBitsToFloat(random.nextInt());
    }
    float[] found = encode(level, DType.F32, values).toArray(ValueLayout.JAVA_FLOAT);
    assertThat(Samples.bits(found)).isEqualTo(Samples.bits(values));
  }

  static List<Arguments> levelsAndQuantised() {
    return Samples.levelsAndFormats().stream()
        .filter(both -> both.get()[1] == DType.Q8_0 || both.get()[1] == DType.Q4_0)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("levelsAndQuantised")
  void thousandsOfBlocksAreEncodedAsTheReferenceImplementationEncodesThem(Kernels level, DType type)
      throws IOException, NoSuchAlgorithmException {
    byte[] blocks = encode(level, type, RandomBlocks.floats()).toArray(ValueLayout.JAVA_BYTE);
    byte[] found = MessageDigest.getInstance("SHA-256").digest(blocks);
    assertThat(HexFormat.of().formatHex(found)).isEqualTo(RandomBlocks.digest("encoded.txt", type));
  }

  /** Half a step, but a positive number as large as the largest negative one has no level. */
  @ParameterizedTest
  @MethodSource("levelsAndQuantised")
  void noNumberIsFurtherFromItsLevelThanHalfAStep(Kernels level, DType type) {
    float[] values = RandomBlocks.floats();
    MemorySegment blocks = encode(level, type, values);
    float[] found = Samples.decode(level, type, blocks, values.length);
    for (int k = 0; k < values.length; k++) {
      long block = k / 32 * (long) type.blockBytes();
      short d = blocks.get(ValueLayout.JAVA_SHORT_UNALIGNED, block);
      double step = Math.abs(Float.float16ToFloat(d));
      boolean end = type == DType.Q4_0 && Math.abs(values[k]) > 7.5 * step;
      // d was rounded to a half, which shifts levels by a 2048th of where they are
      double most = (end ? step : step / 2) + Math.abs(values[k]) / 2048 + 0x1p-24 * 128;
      assertThat((double) found[k]).as("%s, number %d", type, k).isCloseTo(values[k], within(most));
    }
  }

  /** Not even one number that is none is lost. */
  @ParameterizedTest
  @MethodSource("levelsAndQuantised")
  void whatIsNoNumberStaysNone(Kernels level, DType type) {
    float[] hostile = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f};
    for (float each : hostile) {
      for (int at = 0; at < 32; at++) {
        float[] values = new float[64];
        Arrays.fill(values, 1);
        values[at] = each;
        float[] found = Samples.decode(level, type, encode(level, type, values), 64);
        assertThat(Float.isFinite(found[at])).as("%s at %d", each, at).isFalse();
        assertThat(found[40]).as("a number of another block").isEqualTo(1f, within(0.001f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("levelsAndQuantised")
  void zerosAndTheSmallestNumbersStayFinite(Kernels level, DType type) {
    for (float each : new float[] {0, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL, 1e-10f}) {
      float[] values = new float[32];
      Arrays.fill(values, each);
      for (float found : Samples.decode(level, type, encode(level, type, values), 32)) {
        assertThat(found).as("%s", each).isEqualTo(each, within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void nothingBesideTheBlocksIsReadOrWritten(Kernels level) throws IOException {
    var random = new SplittableRandom(Samples.SEED);
    for (DType type : new DType[] {DType.F16, DType.F32, DType.Q8_0, DType.Q4_0}) {
      try (var x = new Cliff(4096);
          var blocks = new Cliff(4096)) {
        int step = type.blockElements();
        for (int width = step; width <= 70 * step && width <= 1000; width += step) {
          MemorySegment numbers = x.last(4L * width);
          Samples.fill(numbers, DType.F32, random);
          MemorySegment encoded = blocks.last(type.bytes(width));
          level.cacheFormat(type).orElseThrow().encode(numbers.address(), width, encoded.address());
          float[] expected = numbers.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
          assertThat(encoded.mismatch(encode(level, type, expected))).isEqualTo(-1);
          assertThat(blocks.untouchedBefore(encoded.byteSize())).as("width %d", width).isTrue();
        }
      }
    }
  }
}
