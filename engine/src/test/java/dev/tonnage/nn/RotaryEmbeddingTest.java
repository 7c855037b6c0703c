package dev.tonnage.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Pairing;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of gpt-oss: 64 of a head turn, 4,096 positions became 32 times as many. */
class RotaryEmbeddingTest {

  private static final int WIDTH = 64;
  private static final double BASE = 150_000;
  private static final double FACTOR = 32;

  private static RotaryEmbedding yarn(RopeScaling.Bounds bounds) {
    float[] ones = new float[WIDTH / 2];
    Arrays.fill(ones, 1);
    try (var cpu = new Cpu(KernelChoice.at(Level.SCALAR), 1)) {
      var scaling = new RopeScaling.Yarn(FACTOR, 4096, 32, 1, bounds);
      return new RotaryEmbedding(cpu, WIDTH, BASE, ones, scaling, 1, Pairing.HALVES);
    }
  }

  /** As in its published torch/model.py: pairs that turn 32 times and once, and a line between. */
  @Test
  void betweenPairsTheRampIsAsWrittenDown() {
    double perTurn = 2 * Math.PI;
    double low = WIDTH / 2 * Math.log(4096 / (32 * perTurn)) / Math.log(BASE);
    double high = WIDTH / 2 * Math.log(4096 / perTurn) / Math.log(BASE);
    assertThat(low).isBetween(8.0, 8.2);
    assertThat(high).isBetween(17.3, 17.5);
    RotaryEmbedding rotary = yarn(RopeScaling.Bounds.FRACTIONS);
    for (int i = 0; i < WIDTH / 2; i++) {
      double plain = Math.pow(BASE, -2.0 * i / WIDTH);
      double divided = Math.clamp((i - low) / (high - low), 0, 1);
      double expected = plain / FACTOR * divided + plain * (1 - divided);
      assertThat(rotary.frequency(i)).as("pair %d", i).isCloseTo(expected, within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fastPairsStayAndSlowOnesAreDivided(RopeScaling.Bounds bounds) {
    RotaryEmbedding rotary = yarn(bounds);
    for (int i : new int[] {0, 8, 18, 31}) {
      double plain = Math.pow(BASE, -2.0 * i / WIDTH);
      double expected = i < 10 ? plain : plain / FACTOR;
      assertThat(rotary.frequency(i)).as("pair %d", i).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void wholeBoundsAreNotFractions() {
    assertThat(yarn(RopeScaling.Bounds.WHOLE).frequency(12))
        .isNotCloseTo(yarn(RopeScaling.Bounds.FRACTIONS).frequency(12), within(1e-4));
  }
}
