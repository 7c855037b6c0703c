package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes and scales against all other bytes, and what is written for what is no usual number. */
class QuantizedActivationsTest {

  private static final long SEED = Long.getLong("tonnage.seed", 20261122);

  private static final byte BEFORE = 0x5a;

  /** What is in memory behind the records. */
  private static final int BEHIND = 64;

  private static byte[] quantize(float... x) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      long bytes = QuantizedActivations.bytes(x.length);
      MemorySegment out = arena.allocate(bytes + BEHIND).fill(BEFORE);
      QuantizedActivations.quantize(from.address(), x.length, out.address());
      assertThat(out.asSlice(bytes).toArray(ValueLayout.JAVA_BYTE)).containsOnly(BEFORE);
      return out.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static int q(byte[] records, int k) {
    return records[k / 128 * 160 + k % 128];
  }

  private static float scale(byte[] records, int block) {
    return number(records, block / 4 * 160 + 128 + block % 4 * 4);
  }

  private static float sum(byte[] records, int block) {
    return number(records, block / 4 * 160 + 144 + block % 4 * 4);
  }

  private static float number(byte[] records, int at) {
    return MemorySegment.ofArray(records).get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
  }

  /** A block of which the largest magnitude is 127, so that its scale is 1. */
  private static float[] block(float... first) {
    float[] x = new float[32];
    System.arraycopy(first, 0, x, 0, first.length);
    x[31] = -127;
    return x;
  }

  @Test
  void everyActivationBecomesTheNearestOfAllBytes() {
    var random = new SplittableRandom(SEED);
    for (int round = 0; round < 50; round++) {
      float[] x = new float[32 * random.nextInt(1, 12)];
      for (int k = 0; k < x.length; k++) {
        x[k] = Math.scalb((float) random.nextGaussian(), k / 32 * 20 - 100);
      }
      byte[] records = quantize(x);
      for (int k = 0; k < x.length; k++) {
        double d = scale(records, k / 32);
        double error = Math.abs(x[k] - d * q(records, k));
        for (int other = -127; other <= 127; other++) {
          // the quotient is rounded before it is rounded to a byte
          assertThat(error)
              .as("activation %d, seed %d", k, SEED)
              .isLessThanOrEqualTo(Math.abs(x[k] - d * other) + d * 0x1p-16);
        }
      }
    }
  }

  @Test
  void aScaleIsTheLargestMagnitudeOver127AndASumIsThatOfTheBytes() {
    var random = new SplittableRandom(SEED);
    float[] x = new float[32 * 9];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) random.nextGaussian();
    }
    byte[] records = quantize(x);
    for (int block = 0; block < 9; block++) {
      float largest = 0;
      int sum = 0;
      for (int k = 32 * block; k < 32 * block + 32; k++) {
        largest = Math.max(largest, Math.abs(x[k]));
        sum += q(records, k);
      }
      assertThat(scale(records, block)).isEqualTo(largest / 127);
      assertThat(sum(records, block)).isEqualTo(scale(records, block) * sum);
    }
  }

  @Test
  void halvesBecomeEven() {
    byte[] records = quantize(block(0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, 0.50001f));
    assertThat(scale(records, 0)).isEqualTo(1);
    assertThat(records).startsWith(0, 2, 2, 0, -2, -2, 126, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 128, 160})
  void whatIsBehindTheLastBlockOfARecordIsZero(int elements) {
    float[] x = new float[elements];
    Arrays.fill(x, 1);
    byte[] records = quantize(x);
    int blocks = records.length / 160 * 4;
    for (int block = 0; block < blocks; block++) {
      boolean exists = block < elements / 32;
      assertThat(q(records, 32 * block)).isEqualTo(exists ? 127 : 0);
      assertThat(q(records, 32 * block + 31)).isEqualTo(exists ? 127 : 0);
      assertThat(scale(records, block)).isEqualTo(exists ? 1 / 127f : 0);
      assertThat(sum(records, block)).isEqualTo(exists ? 1 / 127f * 127 * 32 : 0);
    }
  }

  @Test
  void zerosAreZeros() {
    assertThat(quantize(new float[128])).containsOnly(0);
  }

  /** Their scales are too coarse: what is lost is of the size of the least number that there is. */
  @Test
  void subnormalActivationsStayWithinABytesRange() {
    for (int magnitude = 1; magnitude < 1000; magnitude++) {
      float[] x = new float[32];
      x[0] = magnitude * Float.MIN_VALUE;
      x[1] = -x[0];
      byte[] records = quantize(x);
      assertThat(q(records, 1)).isEqualTo(-q(records, 0)).isBetween(-127, 0);
      assertThat((double) scale(records, 0) * q(records, 0))
          .isCloseTo(x[0], within(64.0 * Float.MIN_VALUE));
    }
  }

  @Test
  void whatIsNotFiniteIsInTheScale() {
    byte[] infinite = quantize(block(1, Float.NEGATIVE_INFINITY));
    assertThat(scale(infinite, 0)).isInfinite();
    byte[] noNumber = quantize(block(1, Float.NaN));
    assertThat(scale(noNumber, 0)).isNaN();
    assertThat(quantize(block(Float.MAX_VALUE))).startsWith(127);
  }
}
